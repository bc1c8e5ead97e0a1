import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, ISessionContextDialogs } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { isOnDrive, parsePath } from '../common/paths';
import { INotebookOpener } from '../drive/tokens';
import { hasOurKernel } from './kernelTalk';
import { pullFrame } from './pullFrame';
import { IRunning, runAllRemotely, runStale } from './remoteRuns';
import { rescueLegacyCells } from './rescue';
import { INotebookViews } from './tokens';

const CATEGORY = 'PostHog';
const COMMANDS = {
  runAll: 'posthog:run-all-remotely',
  runStale: 'posthog:run-stale',
  rescue: 'posthog:rescue-legacy-cells',
  pull: 'posthog:pull-frame'
};
const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

/** Commands for the cells of the notebook in front. */
export const cellCommandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:cell-commands',
  description: 'Runs cells on PostHog, makes legacy cells live again, saves frames as files.',
  autoStart: true,
  requires: [INotebookTracker, INotebookOpener, INotebookViews],
  optional: [ICommandPalette, ISessionContextDialogs, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    opener: INotebookOpener,
    views: INotebookViews,
    palette: ICommandPalette | null,
    dialogs: ISessionContextDialogs | null,
    translator: ITranslator | null
  ): void => {
    const languages = translator ?? nullTranslator;
    const trans = languages.load('jupyter_posthog');
    const front = () =>
      app.shell.currentWidget === tracker.currentWidget ? tracker.currentWidget : null;
    addRuns(app, front, { views, dialogs, translator: languages, trans });
    addRescue(app, front, opener, trans);
    addPull(app, front, trans);
    Object.values(COMMANDS).forEach(command => palette?.addItem({ command, category: CATEGORY }));
  }
};

type Front = () => NotebookPanel | null;

function addRuns({ commands }: JupyterFrontEnd, front: Front, running: IRunning): void {
  const { trans } = running;
  commands.addCommand(COMMANDS.runAll, {
    label: trans.__('Run All Cells on PostHog'),
    caption: trans.__('Run every cell on PostHog’s compute'),
    isEnabled: () => isOurs(front()),
    describedBy: NO_ARGUMENTS,
    execute: () => onFront(front, panel => runAllRemotely(panel, running))
  });
  commands.addCommand(COMMANDS.runStale, {
    label: trans.__('Run Stale Cells on PostHog'),
    caption: trans.__('Run the cells whose results are missing, or older than what they read'),
    isEnabled: () => isOurs(front()),
    describedBy: NO_ARGUMENTS,
    execute: () => onFront(front, panel => runStale(panel, running))
  });
}

function addRescue(
  { commands, serviceManager }: JupyterFrontEnd,
  front: Front,
  { edits }: INotebookOpener,
  trans: TranslationBundle
): void {
  commands.addCommand(COMMANDS.rescue, {
    label: trans.__('Rescue Legacy Cells'),
    caption: trans.__('Rewrite cells of PostHog’s older kinds so that they run today'),
    isEnabled: () => isOurs(front()),
    describedBy: NO_ARGUMENTS,
    execute: () =>
      onFront(front, async ({ context: { path } }) => {
        const [address, one] = [parsePath(path), edits.of(path)];
        if (address && one) {
          await rescueLegacyCells(address, one, serviceManager.serverSettings, trans);
        }
      })
  });
}

function addPull(app: JupyterFrontEnd, front: Front, trans: TranslationBundle): void {
  app.commands.addCommand(COMMANDS.pull, {
    label: trans.__('Save Frame as File…'),
    caption: trans.__('Save a frame as a file beside the kernel'),
    isEnabled: () => {
      const panel = front();
      return panel !== null && hasOurKernel(panel);
    },
    describedBy: {
      args: {
        type: 'object',
        properties: {
          name: { type: 'string', description: trans.__('The name of the frame') },
          file: { type: 'string', description: trans.__('A file in the folder of the kernel') }
        }
      }
    },
    execute: args =>
      onFront(front, panel => {
        const name = textOf(args.name) ?? frameUnderMenu(app);
        return pullFrame(panel, { name, file: textOf(args.file) }, trans);
      })
  });
}

async function onFront(
  front: Front,
  action: (panel: NotebookPanel) => Promise<void>
): Promise<void> {
  const panel = front();
  if (panel) {
    await action(panel);
  }
}

function isOurs(panel: NotebookPanel | null): boolean {
  return panel !== null && isOnDrive(panel.context.path);
}

/** The frame on which a context menu was opened. */
function frameUnderMenu(app: JupyterFrontEnd): string | undefined {
  return app.contextMenuHitTest(node => Boolean(node.dataset.posthogFrame))?.dataset.posthogFrame;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value : undefined;
}
