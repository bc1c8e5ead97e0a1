import type { TranslationBundle } from '@jupyterlab/translation';
import { barePath, isSameNotebook } from '../common/paths';
import type { Toasts } from '../common/toasts';
import type { IEditedNotebooks, INotebookEdits } from '../drive/tokens';
import type { Moment } from './desk';
import type { HistoryModel } from './model';

const UNDO_MS = 15_000;

/** What a restore needs of the page. */
export interface IRestoringOptions {
  edits: IEditedNotebooks;
  /** Tell a person why nothing was restored. */
  tell: (text: string) => void;
  toasts: Pick<Toasts, 'show'>;
  trans: TranslationBundle;
}

/**
 * Restore an old notebook: edits of the open one are saved first, so that they are in its history;
 * the open one shows what was restored, and a toast offers to undo it.
 */
export async function restore(
  model: HistoryModel,
  moment: Moment,
  options: IRestoringOptions
): Promise<void> {
  const { trans, tell } = options;
  const open = openOf(model, options.edits);
  if (open && !(await isSaved(open))) {
    tell(
      trans.__(
        'The edits of the open notebook could not be saved, so nothing was restored. Save them, or take what PostHog holds.'
      )
    );
    return;
  }
  const restored = await model.restore(moment);
  if (!restored) {
    return;
  }
  await openOf(model, options.edits)?.takeStored();
  const undo = () =>
    void restore(model, { kind: 'version', version: restored.replaced_version }, options);
  const text = trans.__('The notebook is restored.');
  const actions = [{ label: trans.__('Undo'), callback: undo }];
  const key = `restored ${barePath(model.address)}`;
  options.toasts.show(key, { text, type: 'success', autoClose: UNDO_MS, actions }, true);
}

function openOf(model: HistoryModel, edits: IEditedNotebooks): INotebookEdits | undefined {
  return edits.open.find(one => one.address && isSameNotebook(one.address, model.address));
}

async function isSaved(edits: INotebookEdits): Promise<boolean> {
  if (edits.state.phase === 'view_only') {
    return true; // PostHog itself will refuse the restore, and say why.
  }
  // Always: what was typed just now is not in the state yet, and a save without edits sends nothing.
  await edits.save();
  return edits.state.phase === 'saved';
}
