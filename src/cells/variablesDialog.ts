import { Dialog, Notification, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import type { INotebookAddress } from '../common/paths';
import { askKernel, hasOurKernel } from './kernelTalk';
import { draftOf, fetchVariables, IVariableDraft, storeVariables, variableOf } from './variables';
import { VariablesForm } from './variablesForm';

/** How long a notice is read. */
const TOLD_MS = 8_000;

/** Show the variables of a notebook, and store what a person makes of them. */
export async function editVariables(
  panel: NotebookPanel,
  address: INotebookAddress,
  serverSettings: ServerConnection.ISettings,
  trans: TranslationBundle
): Promise<void> {
  const title = trans.__('Variables of this notebook');
  let drafts: IVariableDraft[];
  try {
    const { variables, is_served: isServed } = await fetchVariables(serverSettings, address);
    if (!isServed) {
      await showErrorMessage(title, trans.__('This PostHog keeps no variables with notebooks.'));
      return;
    }
    drafts = variables.map(draftOf);
  } catch (error) {
    await showErrorMessage(title, sentence(trans, error));
    return;
  }
  let problem = '';
  for (;;) {
    const { button, value } = await showDialog({
      title,
      body: new VariablesForm(drafts, problem, trans),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Save variables') })
      ]
    });
    if (!button.accept) {
      return;
    }
    drafts = value ?? drafts;
    try {
      await storeVariables(serverSettings, address, drafts.map(variableOf));
      break;
    } catch (error) {
      problem = sentence(trans, error); // what was typed stays in the form
    }
  }
  await tellKernel(panel, trans);
}

/** A kernel that runs has read the variables before, and nothing else tells it. */
async function tellKernel(panel: NotebookPanel, trans: TranslationBundle): Promise<void> {
  if (!panel.isDisposed && hasOurKernel(panel)) {
    await askKernel(panel, '%posthog variables').catch(() =>
      Notification.warning(
        trans.__('The variables are saved. The kernel reads them when it is restarted.'),
        { autoClose: TOLD_MS }
      )
    );
  }
}
