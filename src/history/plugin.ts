import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  ICommandPalette,
  IToolbarWidgetRegistry,
  showErrorMessage,
  ToolbarButton
} from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { historyIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import { argumentsOf, HISTORY_COMMANDS } from '../common/commands';
import { sentence } from '../common/messages';
import { addressOn, INotebookAddress, isOnDrive, parsePath } from '../common/paths';
import { nothing } from '../common/toolbar';
import { INotebookOpener } from '../drive/tokens';
import { PastHost } from './host';
import type { IProjectPlace } from './projectDesk';
import { activityPage, commentsPage, historyPage, IPage, IPages } from './widgets';

const CATEGORY = 'PostHog';

/** The past of notebooks, of a project, and what notebooks say about recordings. */
export const historyPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:history',
  description: 'Shows and restores the past of PostHog notebooks.',
  autoStart: true,
  requires: [
    INotebookOpener,
    INotebookTracker,
    IRenderMimeRegistry,
    IEditorServices,
    NotebookPanel.IContentFactory
  ],
  optional: [ICommandPalette, IToolbarWidgetRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    opener: INotebookOpener,
    tracker: INotebookTracker,
    rendermime: IRenderMimeRegistry,
    editorServices: IEditorServices,
    contentFactory: NotebookPanel.IContentFactory,
    palette: ICommandPalette | null,
    toolbars: IToolbarWidgetRegistry | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const { mimeTypeService } = editorServices;
    const host = new PastHost(app, opener, { rendermime, contentFactory, mimeTypeService }, trans);
    const inFront = () => addressIn(tracker);
    addCommands(app, host, inFront, trans);
    for (const command of Object.values(HISTORY_COMMANDS)) {
      palette?.addItem({ command, category: CATEGORY });
    }
    toolbars?.addFactory<NotebookPanel>('Notebook', 'posthogHistory', panel =>
      isOnDrive(panel.context.path) ? historyButton(app, panel, trans) : nothing()
    );
  }
};

function addCommands(
  app: JupyterFrontEnd,
  host: PastHost,
  inFront: () => INotebookAddress | null,
  trans: TranslationBundle
): void {
  const add = (
    id: string,
    label: string,
    properties: Record<string, { type: string }>,
    execute: (args: Record<string, unknown>) => Promise<void> | void,
    isEnabled = () => true
  ) =>
    app.commands.addCommand(id, {
      label,
      icon: historyIcon,
      isEnabled: args => args.short_id !== undefined || isEnabled(),
      describedBy: { args: { type: 'object', properties } },
      execute: async args => {
        try {
          await execute(args);
        } catch (error) {
          await showErrorMessage(label, sentence(trans, error));
        }
      }
    });
  const project = { connection: { type: 'string' }, project_id: { type: 'integer' } };
  add(
    HISTORY_COMMANDS.history,
    trans.__('History of the PostHog Notebook'),
    { ...project, short_id: { type: 'string' } },
    args => {
      const address = addressOf(args) ?? inFront();
      if (address) {
        host.show(`jp-posthog-history-${Object.values(address).join('-')}`, () =>
          historyPage(address, host)
        );
      }
    },
    () => inFront() !== null
  );
  const inProject =
    (id: string, create: (place: IProjectPlace, pages: IPages) => IPage) =>
    async (args: Record<string, unknown>): Promise<void> => {
      const place = await placeOf(args, inFront(), host);
      if (!place) {
        throw new Error(trans.__('No project is known yet. Connect to PostHog first.'));
      }
      host.show(`${id}-${place.connection}-${place.projectId}`, () => create(place, host));
    };
  add(
    HISTORY_COMMANDS.activity,
    trans.__('Activity of the PostHog Project'),
    project,
    inProject('jp-posthog-activity', activityPage)
  );
  add(
    HISTORY_COMMANDS.comments,
    trans.__('Comments on a PostHog Recording'),
    project,
    inProject('jp-posthog-comments', commentsPage)
  );
}

/** The project that is meant: named, of the notebook in front, or of the default connection. */
async function placeOf(
  args: Record<string, unknown>,
  front: INotebookAddress | null,
  { projects }: PastHost
): Promise<IProjectPlace | null> {
  if (args.connection !== undefined && args.project_id !== undefined) {
    return projects.place(String(args.connection), Number(args.project_id));
  }
  return front ? projects.place(front.connection, front.projectId) : projects.defaultPlace();
}

function addressOf(args: Record<string, unknown>): INotebookAddress | null {
  const { connection, project_id, short_id } = args;
  return connection !== undefined && project_id !== undefined && short_id !== undefined
    ? {
        connection: String(connection),
        projectId: Number(project_id),
        shortId: String(short_id)
      }
    : null;
}

function addressIn(tracker: INotebookTracker): INotebookAddress | null {
  const path = tracker.currentWidget?.context.path ?? '';
  return addressOn(path);
}

function historyButton(
  app: JupyterFrontEnd,
  panel: NotebookPanel,
  trans: TranslationBundle
): Widget {
  return new ToolbarButton({
    icon: historyIcon,
    tooltip: trans.__('History of this notebook'),
    onClick: () => {
      const address = parsePath(panel.context.path);
      if (address) {
        void app.commands.execute(HISTORY_COMMANDS.history, argumentsOf(address));
      }
    }
  });
}
