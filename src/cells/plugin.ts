import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { addressOn, localPath } from '../common/paths';
import { INotebookOpener } from '../drive/tokens';
import { CellStates } from './cellStates';
import { Connections } from './connections';
import { NotebookView } from './notebookView';
import { INotebookViews } from './tokens';

/** Cells that run one after the other are asked about once. */
const STATES_DELAY_MS = 1_000;

/** What is drawn over the cells of notebooks: cards of embeds, and the line above code. */
export const cellsPlugin: JupyterFrontEndPlugin<INotebookViews> = {
  id: 'jupyter-posthog:cells',
  description:
    "Draws PostHog's embeds as cards, and says above a code cell what becomes of its result.",
  autoStart: true,
  provides: INotebookViews,
  requires: [INotebookTracker, INotebookOpener],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    opener: INotebookOpener,
    translator: ITranslator | null
  ): INotebookViews => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const connections = Connections.of(app.serviceManager.serverSettings);
    const views = new Map<NotebookPanel, NotebookView>();
    tracker.widgetAdded.connect((_, panel) => {
      views.set(panel, viewOf(app, panel, opener, { connections, trans }));
      panel.disposed.connect(() => {
        views.get(panel)?.dispose();
        views.delete(panel);
      });
    });
    NotebookActions.executed.connect((_, { notebook, cell }) => {
      const panel = tracker.find(other => other.content === notebook);
      if (panel && cell.model.type === 'code') {
        views.get(panel)?.ran(cell);
      }
    });
    return { of: panel => views.get(panel) };
  }
};

function viewOf(
  app: JupyterFrontEnd,
  panel: NotebookPanel,
  { versions }: INotebookOpener,
  shared: { connections: Connections; trans: TranslationBundle }
): NotebookView {
  const { serverSettings } = app.serviceManager;
  const { context } = panel;
  const address = addressOn(context.path);
  const states = address && new CellStates({ serverSettings, address, delayMs: STATES_DELAY_MS });
  if (states) {
    const refresh = (_: unknown, path: string) => {
      if (path === localPath(context.path)) {
        states.refresh();
      }
    };
    versions.changed.connect(refresh);
    panel.disposed.connect(() => versions.changed.disconnect(refresh));
    void context.ready.then(() => states.refresh());
  }
  return new NotebookView(panel, { ...shared, states });
}
