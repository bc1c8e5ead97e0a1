import { Dialog, ISessionContextDialogs, Notification, showDialog } from '@jupyterlab/apputils';
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import type { INotebookViews } from './tokens';

const REMOTE_KERNEL = 'posthog';
/** How long a notice is read. */
const TOLD_MS = 8_000;

/** What running needs of the page. */
export interface IRunning {
  views: INotebookViews;
  dialogs: ISessionContextDialogs | null;
  translator: ITranslator;
  trans: TranslationBundle;
}

/** Run every cell of a notebook on PostHog's compute. */
export async function runAllRemotely(panel: NotebookPanel, running: IRunning): Promise<void> {
  const { dialogs, translator } = running;
  if (await useRemoteKernel(panel, running.trans)) {
    const { content, sessionContext } = panel;
    await NotebookActions.runAll(content, sessionContext, dialogs ?? undefined, translator);
  }
}

/** Run the cells whose results are missing or stale, in the order of the notebook. */
export async function runStale(panel: NotebookPanel, running: IRunning): Promise<void> {
  const { views, dialogs, translator, trans } = running;
  const view = views.of(panel);
  if (!view || !(await view.readStates())) {
    Notification.warning(
      trans.__('PostHog does not tell which cells are stale here, so nothing was run.'),
      { autoClose: TOLD_MS }
    );
    return;
  }
  const cells = view.outOfDate;
  if (cells.length === 0) {
    Notification.info(trans.__('Every result is up to date.'), { autoClose: TOLD_MS });
    return;
  }
  if (await useRemoteKernel(panel, trans)) {
    const { content, sessionContext } = panel;
    const shown = dialogs ?? undefined;
    await NotebookActions.runCells(content, cells, sessionContext, shown, translator);
  }
}

/** Give a notebook the kernel that runs on PostHog; false where the person would rather not. */
async function useRemoteKernel(panel: NotebookPanel, trans: TranslationBundle): Promise<boolean> {
  const { sessionContext } = panel;
  await sessionContext.ready;
  const kernel = sessionContext.session?.kernel;
  if (kernel?.name === REMOTE_KERNEL) {
    return true;
  }
  if (kernel) {
    const { button } = await showDialog({
      title: trans.__('Run on PostHog?'),
      body: trans.__(
        'This notebook runs in the kernel “%1”. It would change to “PostHog (remote)”, and variables of the kernel of now would be lost.',
        sessionContext.kernelDisplayName
      ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Run on PostHog') })
      ]
    });
    if (!button.accept) {
      return false;
    }
  }
  await sessionContext.changeKernel({ name: REMOTE_KERNEL });
  return true;
}
