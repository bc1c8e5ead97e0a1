import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, Notebook, NotebookActions } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { isOnDrive } from '../common/paths';
import { markCleared, unmarkCleared } from './clearedOutputs';
import { PostHogDrive } from './drive';
import { EditedNotebooks } from './editedNotebooks';
import { NotebookOpener } from './opener';
import { INotebookOpener } from './tokens';

const SETTINGS_ID = 'jupyter-posthog:plugin';

/** The drive `posthog:` and the one way to open its notebooks. */
export const drivePlugin: JupyterFrontEndPlugin<INotebookOpener> = {
  id: 'jupyter-posthog:drive',
  description: 'PostHog notebooks as files of the drive posthog:',
  autoStart: true,
  provides: INotebookOpener,
  requires: [IDocumentManager, INotebookTracker],
  optional: [ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    tracker: INotebookTracker,
    settings: ISettingRegistry | null
  ): INotebookOpener => {
    const { contents, serverSettings } = app.serviceManager;
    const edits: EditedNotebooks = new EditedNotebooks({
      drive: () => drive,
      isAutosaveToPostHog: followAutosave(settings)
    });
    const drive = new PostHogDrive({ serverSettings, pageOf: path => edits.of(path) });
    contents.addDrive(drive);
    tracker.widgetAdded.connect((_, panel) => edits.add(panel));
    markManualSaves(app, documents, edits);
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
      drive,
      edits
    );
  }
};

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

/** Saves that a person asks for; all others are Lab's own idea. */
function markManualSaves(
  { commands, shell }: JupyterFrontEnd,
  documents: IDocumentManager,
  edits: EditedNotebooks
): void {
  commands.commandExecuted.connect((_, { id }) => {
    const widget = shell.currentWidget;
    const context = widget && documents.contextForWidget(widget);
    if (id === 'docmanager:save-all') {
      edits.open.forEach(one => one.markManual());
    } else if (id === 'docmanager:save' && context) {
      edits.of(context.path)?.markManual();
    }
  });
}

/** Follow the setting that says where autosaves go. */
function followAutosave(settings: ISettingRegistry | null): () => boolean {
  let isToPostHog = true;
  void settings?.load(SETTINGS_ID).then(loaded => {
    const read = () => {
      isToPostHog = loaded.get('autosave').composite !== 'draft';
    };
    loaded.changed.connect(read);
    read();
  });
  return () => isToPostHog;
}
