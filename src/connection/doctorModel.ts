import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type { PosthogRequestError } from '../common/request';
import { asRefusal } from './connectModel';
import type { IConnectionDesk } from './desk';
import type { IConnectionStatus, IReport } from './report';

/** What the doctor knows. */
export interface IDoctorState {
  /** Null before the first answer. */
  report: IReport | null;
  isAsking: boolean;
  /** Names of the connections that are being tested. */
  testing: string[];
  error: PosthogRequestError | null;
}

const NOTHING: IDoctorState = { report: null, isAsking: false, testing: [], error: null };

/** Keeps the report about every connection and this machine. */
export class DoctorModel implements IDisposable {
  constructor(desk: IConnectionDesk) {
    this._desk = desk;
  }

  get state(): IDoctorState {
    return this._state;
  }

  get changed(): ISignal<this, IDoctorState> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Ask about everything; what was known stays until the answer comes. */
  async refresh(): Promise<void> {
    this._set({ isAsking: true });
    try {
      this._set({ isAsking: false, error: null, report: await this._desk.examine() });
    } catch (error) {
      this._set({ isAsking: false, error: asRefusal(error) });
    }
  }

  /** Ask about one connection. */
  async test(name: string): Promise<void> {
    this._set({ testing: [...this._state.testing, name] });
    try {
      this._replace(await this._desk.test(name));
    } catch (error) {
      this._set({ error: asRefusal(error) });
    } finally {
      this._set({ testing: this._state.testing.filter(other => other !== name) });
    }
  }

  /** Forget one connection. */
  async remove(name: string): Promise<void> {
    try {
      await this._desk.remove(name);
    } catch (error) {
      this._set({ error: asRefusal(error) });
      return;
    }
    await this.refresh();
  }

  private _replace(status: IConnectionStatus): void {
    const { report } = this._state;
    if (report) {
      const connections = report.connections.map(other =>
        other.name === status.name ? status : other
      );
      this._set({ error: null, report: { ...report, connections } });
    }
  }

  private _set(change: Partial<IDoctorState>): void {
    if (!this._isDisposed) {
      this._state = { ...this._state, ...change };
      this._changed.emit(this._state);
    }
  }

  private readonly _desk: IConnectionDesk;
  private readonly _changed = new Signal<this, IDoctorState>(this);
  private _state = NOTHING;
  private _isDisposed = false;
}
