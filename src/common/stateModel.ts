import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

/** Keeps what a part of the page shows, and tells when that changes; after its end it tells nothing. */
export class StateModel<S extends object> implements IDisposable {
  constructor(state: S) {
    this._state = state;
  }

  get state(): S {
    return this._state;
  }

  get changed(): ISignal<this, S> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  protected set(change: Partial<S>): void {
    if (!this._isDisposed) {
      this._state = { ...this._state, ...change };
      this._changed.emit(this._state);
    }
  }

  private readonly _changed = new Signal<this, S>(this);
  private _state: S;
  private _isDisposed = false;
}
