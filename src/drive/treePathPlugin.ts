import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { showErrorMessage } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import { INotebookOpener } from './tokens';
import { takeAddress } from './treePath';

/**
 * Opens the notebook that the address of the page names.
 *
 * Lab writes the notebook in front into the address. At the next load it looks for a file browser of that drive, finds
 * none and says “Cannot open”; so the path is taken before Lab reads it.
 */
export const treePathPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:tree-path',
  description: 'Opens the PostHog notebook that the address of the page names.',
  autoStart: true,
  requires: [INotebookOpener],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    opener: INotebookOpener,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const address = takeAddress();
    if (address) {
      // What the page showed before comes back first, most often with this notebook.
      void app.restored
        .then(() => opener.open(address))
        .catch(error =>
          showErrorMessage(trans.__('The notebook cannot be opened'), sentence(trans, error))
        );
    }
  }
};
