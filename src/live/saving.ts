import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type { IEditsState, INotebookEdits } from '../drive/tokens';

/** Tells when saves of a notebook begin and end; its owner disposes it. */
export function savingOf(
  edits: INotebookEdits
): IDisposable & { readonly changed: ISignal<object, boolean> } {
  return new Saving(edits);
}

class Saving implements IDisposable {
  constructor(edits: INotebookEdits) {
    edits.changed.connect(this._onEdits, this);
  }

  readonly changed = new Signal<this, boolean>(this);

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onEdits(_: unknown, { phase }: IEditsState): void {
    const isSaving = phase === 'saving';
    if (isSaving !== this._isSaving) {
      this._isSaving = isSaving;
      this.changed.emit(isSaving);
    }
  }

  private _isSaving = false;
  private _isDisposed = false;
}
