import { InputDialog, Notification, showErrorMessage } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { frameNames } from './codeCell';
import { askKernel, hasOurKernel } from './kernelTalk';
import { isFrameName } from './magicLine';

/** A file below the kernel's working folder, as `%posthog pull` takes it; no space, no quotation mark. */
const FILE_NAME = /^[\w.-][\w./-]*\.(parquet|feather|arrow)$/;

/** How long a notice is read. */
const TOLD_MS = 8_000;

/** Bring a frame into a file beside the kernel; asks what is not given. */
export async function pullFrame(
  panel: NotebookPanel,
  given: { name?: string; file?: string },
  trans: TranslationBundle
): Promise<void> {
  const title = trans.__('Save a frame as a file');
  if (!hasOurKernel(panel)) {
    await showErrorMessage(
      title,
      trans.__('Frames are saved by the kernels of PostHog, and this notebook runs in another one.')
    );
    return;
  }
  const name = given.name ?? (await askName(panel, title, trans));
  if (!name) {
    return;
  }
  const file = given.file ?? (await askFile(name, title, trans));
  if (!file) {
    return;
  }
  if (!isFrameName(name) || !FILE_NAME.test(file)) {
    await showErrorMessage(
      title,
      trans.__(
        '“%1” as “%2”: a frame has a name of Python, and the file ends in .parquet or .feather.',
        name,
        file
      )
    );
    return;
  }
  const pulling = askKernel(panel, `%posthog pull ${name} ${file}`);
  Notification.promise(pulling, {
    pending: {
      message: trans.__('Saving %1 to %2 …', name, file),
      options: { autoClose: false }
    },
    success: {
      message: printed => firstLine(String(printed)),
      options: { autoClose: TOLD_MS }
    },
    error: {
      message: error => (error instanceof Error ? error.message : String(error)),
      options: { autoClose: false }
    }
  });
  // What went wrong stands in the notice.
  await pulling.catch(() => undefined);
}

async function askName(
  panel: NotebookPanel,
  title: string,
  trans: TranslationBundle
): Promise<string | null> {
  const names = panel.model ? frameNames(panel.model.cells) : [];
  const { value } = await InputDialog.getItem({
    title,
    label: trans.__('Frame'),
    items: names,
    editable: true
  });
  return value?.trim() || null;
}

async function askFile(
  name: string,
  title: string,
  trans: TranslationBundle
): Promise<string | null> {
  const { value } = await InputDialog.getText({
    title,
    label: trans.__('File, in the folder of the kernel'),
    text: `${name}.parquet`
  });
  return value?.trim() || null;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
