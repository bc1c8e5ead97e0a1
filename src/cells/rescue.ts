import { Notification, showErrorMessage } from '@jupyterlab/apputils';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import { urlPath, INotebookAddress } from '../common/paths';
import { request } from '../common/request';
import type { INotebookEdits } from '../drive/tokens';

/** How long a notice is read. */
const TOLD_MS = 8_000;

/** Make the legacy cells of an open notebook live again; what is typed here is saved before. */
export async function rescueLegacyCells(
  address: INotebookAddress,
  edits: INotebookEdits,
  serverSettings: ServerConnection.ISettings,
  trans: TranslationBundle
): Promise<void> {
  try {
    await edits.save();
    const path = urlPath(address);
    const { cells } = await request<{ cells: number }>(serverSettings, `posthog/rescue/${path}`, {
      method: 'POST'
    });
    if (cells === 0) {
      Notification.info(trans.__('This notebook has no legacy cells.'), { autoClose: TOLD_MS });
      return;
    }
    const isShown = await edits.takeStored();
    const rescued = trans._n(
      '%1 legacy cell runs again. The notebook of before is in the history.',
      '%1 legacy cells run again. The notebook of before is in the history.',
      cells
    );
    Notification.success(
      isShown ? rescued : trans.__('%1 The next save brings them in here.', rescued),
      { autoClose: TOLD_MS }
    );
  } catch (error) {
    await showErrorMessage(trans.__('No legacy cell was rescued'), sentence(trans, error));
  }
}
