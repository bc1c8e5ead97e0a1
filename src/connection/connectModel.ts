import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { PosthogRequestError } from '../common/request';
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
export class ConnectModel implements IDisposable {
  constructor(desk: IConnectionDesk) {
    this._desk = desk;
  }

  get state(): IConnectState {
    return this._state;
  }

  get changed(): ISignal<this, IConnectState> {
    return this._changed;
  }

  /** Emitted once a connection is stored. */
  get connected(): ISignal<this, string> {
    return this._connected;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /**
   * Connect.
   *
   * @returns whether the server has had the key, so that the field can be cleared
   */
  async connect(wanted: INewConnection): Promise<boolean> {
    this._set({ ...BEGIN, phase: 'trying' });
    let name: string;
    try {
      name = await this._desk.add(wanted);
    } catch (error) {
      const refusal = asRefusal(error);
      this._set({ phase: 'form', error: refusal });
      return refusal.reason !== 'server_away';
    }
    this._set({ phase: 'asking', name });
    this._connected.emit(name);
    void this._ask(name);
    return true;
  }

  private async _ask(name: string): Promise<void> {
    try {
      this._set({ phase: 'known', status: await this._desk.test(name) });
    } catch (error) {
      this._set({ phase: 'known', error: asRefusal(error) });
    }
  }

  private _set(change: Partial<IConnectState>): void {
    if (!this._isDisposed) {
      this._state = { ...this._state, ...change };
      this._changed.emit(this._state);
    }
  }

  private readonly _desk: IConnectionDesk;
  private readonly _changed = new Signal<this, IConnectState>(this);
  private readonly _connected = new Signal<this, string>(this);
  private _state = BEGIN;
  private _isDisposed = false;
}

/** Any error as a refusal with a reason. */
export function asRefusal(error: unknown): PosthogRequestError {
  return error instanceof PosthogRequestError
    ? error
    : new PosthogRequestError({ message: String(error), reason: 'unexpected', status: 0 });
}
