import { downloadIcon, fileUploadIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { NOTEBOOK_COMMANDS } from '../../common/commands';
import { EXPORT_FORMATS, NotANotebookError } from '../notebookDesk';
import { firstPlace } from '../places';
import { describe, ISidebarContext, NOTEBOOK_ARGS, orExplain } from './context';

const NOTICE_MS = 4_000;

/** Notebooks from files, and as files. */
export function addFileCommands(context: ISidebarContext): void {
  const { app, targets, trans } = context;
  const hasTarget = (args: ReadonlyPartialJSONObject) => targets.of(args).length > 0;
  const names: Record<string, string> = {
    ipynb: trans.__('Jupyter Notebook (.ipynb)'),
    markdown: trans.__('Markdown (.md)'),
    html: trans.__('Web Page (.html)'),
    python: trans.__('Python (.py)')
  };
  app.commands.addCommand(NOTEBOOK_COMMANDS.importFiles, {
    label: trans.__('Import Notebooks into PostHog…'),
    icon: fileUploadIcon,
    describedBy: describe(),
    execute: () =>
      orExplain(trans, trans.__('The file was not imported'), async () => {
        await importFiles(context, await chooseFiles());
      })
  });
  app.commands.addCommand(NOTEBOOK_COMMANDS.exportFiles, {
    label: args => {
      const name = names[String(args.format ?? 'ipynb')] ?? String(args.format);
      return args.from ? name : trans.__('Export PostHog Notebook as %1', name);
    },
    icon: args => (args.from ? undefined : downloadIcon),
    describedBy: describe({ ...NOTEBOOK_ARGS, format: { enum: EXPORT_FORMATS } }),
    isEnabled: hasTarget,
    isVisible: args => args.from !== 'tab' || hasTarget(args),
    execute: args =>
      orExplain(trans, trans.__('Nothing was exported'), async () => {
        const format = String(args.format ?? 'ipynb');
        const { name, blob } = await context.notebooks.exportFiles(targets.of(args), format);
        keep(name, blob);
      })
  });
}

async function importFiles(context: ISidebarContext, files: File[]): Promise<void> {
  const { model, notebooks, opener, toasts, trans } = context;
  if (!files.length) {
    return;
  }
  const known = model.state.place ?? context.memory.state.place;
  const { connection, project } = known ?? (await firstPlace(context.places));
  const place = { connection: connection.name, projectId: project.id };
  const imported = [];
  try {
    for (const file of files) {
      imported.push(await notebooks.importFile(place, file));
    }
  } catch (error) {
    throw error instanceof NotANotebookError ? new Error(notANotebook(error, trans)) : error;
  } finally {
    // What was imported before a file that failed is there.
    await model.refresh();
  }
  const text = trans._n('Imported %1 notebook.', 'Imported %1 notebooks.', imported.length);
  toasts.show('import', { text, type: 'success', autoClose: NOTICE_MS }, true);
  const [only] = imported;
  if (imported.length === 1 && only) {
    await opener.open(only);
  }
}

function notANotebook({ fileName }: NotANotebookError, trans: TranslationBundle): string {
  return trans.__('“%1” holds no Jupyter notebook, so nothing of it was imported.', fileName);
}

/** Let a person choose files; none where they think better of it. */
function chooseFiles(): Promise<File[]> {
  return new Promise(done => {
    const field = document.createElement('input');
    field.type = 'file';
    field.accept = '.ipynb,application/x-ipynb+json';
    field.multiple = true;
    field.addEventListener('change', () => done([...(field.files ?? [])]));
    field.addEventListener('cancel', () => done([]));
    field.click();
  });
}

/** Let the browser keep a file where it keeps downloads. */
function keep(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
