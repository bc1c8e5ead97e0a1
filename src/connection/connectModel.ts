import { ISignal, Signal } from '@lumino/signaling';
import { asRefusal, PosthogRequestError } from '../common/request';
import { StateModel } from '../common/stateModel';
import type { IConnectionDesk, INewConnection } from './desk';
import type { IConnectionStatus } from './report';

/** How far connecting got. */
export interface IConnectState {
  /** Nothing asked, the key is being tried, what it may do is being found out, everything known. */
  phase: 'form' | 'trying' | 'asking' | 'known';
  /** The name of the connection, once it is stored. */
  name: string | null;
  status: IConnectionStatus | null;
  error: PosthogRequestError | null;
}

const BEGIN: IConnectState = { phase: 'form', name: null, status: null, error: null };

/** Adds one connection and finds out what it may do. The key passes through and is kept nowhere. */
export class ConnectModel extends StateModel<IConnectState> {
  constructor(desk: IConnectionDesk) {
    super(BEGIN);
    this._desk = desk;
  }

  /** Emitted once a connection is stored. */
  get connected(): ISignal<this, string> {
    return this._connected;
  }

  /**
   * Connect.
   *
   * @returns whether the server has had the key, so that the field can be cleared
   */
  async connect(wanted: INewConnection): Promise<boolean> {
    this.set({ ...BEGIN, phase: 'trying' });
    let name: string;
    try {
      name = await this._desk.add(wanted);
    } catch (error) {
      const refusal = asRefusal(error);
      this.set({ phase: 'form', error: refusal });
      return refusal.reason !== 'server_away';
    }
    this.set({ phase: 'asking', name });
    this._connected.emit(name);
    void this._ask(name);
    return true;
  }

  private async _ask(name: string): Promise<void> {
    try {
      this.set({ phase: 'known', status: await this._desk.test(name) });
    } catch (error) {
      this.set({ phase: 'known', error: asRefusal(error) });
    }
  }

  private readonly _desk: IConnectionDesk;
  private readonly _connected = new Signal<this, string>(this);
}
