import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import type { IEditsState, INotebookEdits } from '../drive/tokens';
import type { Toasts } from '../common/toasts';

const SUCCESS_MS = 5_000;

/** Tells a save that did not arrive in one toast, and in the same one when it did. */
export class FailedSaves {
  constructor(toasts: Pick<Toasts, 'show' | 'has' | 'dismiss'>, trans: TranslationBundle) {
    this._toasts = toasts;
    this._trans = trans;
  }

  /** Watch the saves of one notebook. */
  watch(edits: INotebookEdits): void {
    let told: IEditsState['failure'] = null;
    edits.changed.connect((_: unknown, { failure, isAsked, phase }: IEditsState) => {
      if (failure && failure !== told) {
        this._tell(edits, failure, told === null || isAsked);
        told = failure;
      } else if (!failure && told && phase !== 'saving') {
        told = null;
        this._end(edits, phase);
      }
    });
  }

  private _tell(
    edits: INotebookEdits,
    failure: NonNullable<IEditsState['failure']>,
    isNew: boolean
  ): void {
    const text = sentence(this._trans, failure);
    this._toasts.show(edits.pageId, { text, type: 'warning', autoClose: false }, isNew);
  }

  private _end(edits: INotebookEdits, phase: IEditsState['phase']): void {
    if (phase === 'saved' && this._toasts.has(edits.pageId)) {
      const text = this._trans.__('Your edits are in PostHog now.');
      this._toasts.show(edits.pageId, { text, type: 'success', autoClose: SUCCESS_MS }, false);
    } else {
      this._toasts.dismiss(edits.pageId);
    }
  }

  private readonly _toasts: Pick<Toasts, 'show' | 'has' | 'dismiss'>;
  private readonly _trans: TranslationBundle;
}
