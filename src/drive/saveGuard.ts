import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

/** The parts of Lab's document context that the guard watches. */
export interface IGuardedContext {
  readonly saveState: ISignal<unknown, string>;
  readonly model: {
    readonly contentChanged: ISignal<unknown, unknown>;
    dirty: boolean;
  };
}

/**
 * Keeps a notebook dirty that was typed into while it was being saved.
 *
 * Lab marks a document clean when a save returns, whatever happened meanwhile (design.md §6).
 */
export class SaveGuard implements IDisposable {
  constructor(context: IGuardedContext) {
    this._context = context;
    context.saveState.connect(this._onSaveState, this);
    context.model.contentChanged.connect(this._onContentChanged, this);
  }

  /** Leave changes out that are not a person's: what a save itself shows. */
  ignoring<T>(action: () => T): T {
    this._isIgnoring = true;
    try {
      return action();
    } finally {
      this._isIgnoring = false;
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onContentChanged(): void {
    if (this._isSaving && !this._isIgnoring) {
      this._hasChanged = true;
    }
  }

  private _onSaveState(_: unknown, state: string): void {
    if (state === 'started') {
      this._isSaving = true;
      this._hasChanged = false;
      return;
    }
    if (this._isSaving && this._hasChanged) {
      this._context.model.dirty = true;
    }
    this._isSaving = false;
  }

  private readonly _context: IGuardedContext;
  private _isSaving = false;
  private _hasChanged = false;
  private _isIgnoring = false;
  private _isDisposed = false;
}
