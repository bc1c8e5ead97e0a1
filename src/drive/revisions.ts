import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

/**
 * Counts the changes of a notebook and knows which state of it PostHog has.
 *
 * Lab's own flag is no help: it is set by what a kernel says, and cleared when a save returns, whatever was typed
 * meanwhile (design.md §6).
 */
export class Revisions implements IDisposable {
  constructor(contentChanged: ISignal<unknown, unknown>) {
    this._contentChanged = contentChanged;
    contentChanged.connect(this._onContentChanged, this);
  }

  /** Emitted for each change that is not ignored. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The number of the state that is shown now. */
  get current(): number {
    return this._current;
  }

  /** Whether PostHog has what is shown. */
  get isClean(): boolean {
    return this._current === this._clean;
  }

  /** PostHog has the state of this number. */
  markClean(revision: number): void {
    this._clean = revision;
  }

  /** Leave changes out that are not a person's: what a save, or a colleague, brings. */
  ignoring<T>(action: () => T): T {
    const before = this._isIgnoring;
    this._isIgnoring = true;
    try {
      return action();
    } finally {
      this._isIgnoring = before;
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._contentChanged.disconnect(this._onContentChanged, this);
    Signal.clearData(this);
  }

  private _onContentChanged(): void {
    if (!this._isIgnoring) {
      this._current += 1;
      this._changed.emit();
    }
  }

  private readonly _contentChanged: ISignal<unknown, unknown>;
  private readonly _changed = new Signal<this, void>(this);
  private _current = 0;
  private _clean = 0;
  private _isIgnoring = false;
  private _isDisposed = false;
}
