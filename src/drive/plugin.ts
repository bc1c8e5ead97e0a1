import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, Notebook, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { drivePath, isOnDrive } from '../common/paths';
import { sentence } from '../common/messages';
import { INotebookContent, showStored } from './apply';
import { markCleared, unmarkCleared } from './clearedOutputs';
import { DraftPoster } from './draftPoster';
import { IRefusedSave, IStoredDifferently, PostHogDrive } from './drive';
import { NotebookOpener } from './opener';
import { openNotebookOf } from './openCells';
import { SaveGuard } from './saveGuard';
import { INotebookOpener } from './tokens';

const DRAFT_IDLE_MS = 2000;

/** The drive `posthog:` and the one way to open its notebooks. */
export const drivePlugin: JupyterFrontEndPlugin<INotebookOpener> = {
  id: 'jupyter-posthog:drive',
  description: 'PostHog notebooks as files of the drive posthog:',
  autoStart: true,
  provides: INotebookOpener,
  requires: [IDocumentManager, INotebookTracker],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    tracker: INotebookTracker,
    translator: ITranslator | null
  ): INotebookOpener => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const guards = new Map<NotebookPanel, SaveGuard>();
    const { contents, serverSettings } = app.serviceManager;
    const drive = new PostHogDrive({
      serverSettings,
      showStored: stored => showInPage(tracker, guards, stored),
      explainRefusal: refused => explainRefusal(documents, trans, refused)
    });
    contents.addDrive(drive);
    tracker.widgetAdded.connect((_, panel) => {
      watch(panel, drive, guards);
    });
    NotebookActions.outputCleared.connect((_, { notebook, cell }) => {
      if (isOurs(tracker, notebook)) {
        markCleared(cell.model);
      }
    });
    NotebookActions.executionScheduled.connect((_, { notebook, cell }) => {
      if (isOurs(tracker, notebook)) {
        unmarkCleared(cell.model);
      }
    });
    return new NotebookOpener(
      {
        openPaths: () => openPaths(tracker),
        reveal: path => void documents.openOrReveal(path, 'Notebook'),
        open: async path => {
          const widget = documents.openOrReveal(path, 'Notebook');
          await widget?.context.ready;
        }
      },
      drive
    );
  }
};

/** Watch a notebook of the drive: typed into while saving, drafts. */
function watch(
  panel: NotebookPanel,
  drive: PostHogDrive,
  guards: Map<NotebookPanel, SaveGuard>
): void {
  if (!isOnDrive(panel.context.path)) {
    return;
  }
  const { context } = panel;
  const guard = new SaveGuard(context);
  const poster = new DraftPoster({
    serverSettings: drive.serverSettings,
    source: context,
    baseVersion: path => drive.baseVersion(path),
    idleMs: DRAFT_IDLE_MS
  });
  guards.set(panel, guard);
  panel.disposed.connect(() => {
    guard.dispose();
    poster.dispose();
    guards.delete(panel);
  });
}

/** Whether a notebook is one of the drive's. */
function isOurs(tracker: INotebookTracker, notebook: Notebook): boolean {
  const panel = tracker.find(other => other.content === notebook);
  return panel !== undefined && isOnDrive(panel.context.path);
}

function openPaths(tracker: INotebookTracker): string[] {
  const paths: string[] = [];
  tracker.forEach(panel => paths.push(panel.context.path));
  return paths;
}

function showInPage(
  tracker: INotebookTracker,
  guards: Map<NotebookPanel, SaveGuard>,
  stored: IStoredDifferently
): void {
  tracker.forEach(panel => {
    const { model } = panel.content;
    if (panel.context.path !== drivePath(stored.path) || !model) {
      return;
    }
    const show = () =>
      showStored(
        openNotebookOf(model),
        stored.sent as INotebookContent,
        stored.stored as INotebookContent
      );
    const guard = guards.get(panel);
    if (guard) {
      guard.ignoring(show);
    } else {
      show();
    }
  });
}

/** Say once what happened; a conflict can be answered by taking theirs. */
async function explainRefusal(
  documents: IDocumentManager,
  trans: TranslationBundle,
  { path, error }: IRefusedSave
): Promise<never> {
  const isConflict = error.reason === 'save_conflict' || error.reason === 'base_unknown';
  if (!isConflict) {
    error.message = sentence(trans, error);
    throw error;
  }
  const { button } = await showDialog({
    title: trans.__('Changed by somebody else'),
    body: sentence(trans, error),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep editing') }),
      Dialog.warnButton({ label: trans.__('Reload theirs'), actions: ['reload'] })
    ]
  });
  if (button.actions.includes('reload')) {
    const widget = documents.findWidget(drivePath(path), 'Notebook');
    await widget?.context.revert();
  }
  // Lab stays silent about an error of this name, and the notebook stays as it is.
  const cancelled = new Error(sentence(trans, error));
  cancelled.name = 'ModalCancelError';
  throw cancelled;
}
