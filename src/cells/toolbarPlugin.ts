import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { addressOn, INotebookAddress } from '../common/paths';
import { nothing } from '../common/toolbar';
import { Connections } from './connections';
import { OpenInPostHog, VariablesButton } from './toolbar';
import { editVariables } from './variablesDialog';

/** What the toolbar of a notebook of PostHog has beside its state. */
export const notebookToolbarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:notebook-toolbar',
  description: 'The way to PostHog, and the variables, in the toolbar of its notebooks.',
  autoStart: true,
  requires: [IToolbarWidgetRegistry],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    toolbars: IToolbarWidgetRegistry,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const { serverSettings } = app.serviceManager;
    const connections = Connections.of(serverSettings);
    const add = (name: string, make: (panel: NotebookPanel, address: INotebookAddress) => Widget) =>
      toolbars.addFactory<NotebookPanel>('Notebook', name, panel => {
        const { path } = panel.context;
        const address = addressOn(path);
        return address ? make(panel, address) : nothing();
      });
    add('posthogOpen', (_, address) => new OpenInPostHog(address, connections, trans));
    add('posthogVariables', (panel, address) => {
      const open = () => void editVariables(panel, address, serverSettings, trans);
      return new VariablesButton(open, trans);
    });
  }
};
