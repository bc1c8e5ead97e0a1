import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry,
  IEditorLanguageRegistry
} from '@jupyterlab/codemirror';
import { ICompletionContext, ICompletionProviderManager } from '@jupyterlab/completer';
import { NotebookPanel } from '@jupyterlab/notebook';
import { Extension, Prec } from '@codemirror/state';
import { isOnDrive, parsePath } from '../common/paths';
import { frameNames } from './codeCell';
import { Connections } from './connections';
import { IProjectAddress, ProjectSchemas } from './projectSchemas';
import { SqlCompletionProvider } from './sqlCompletion';
import { sqlHighlighting } from './sqlHighlighting';
import { sqlCellLanguage } from './sqlLanguage';

/** Kernels that know SQL cells, whatever notebook they run. */
const OUR_KERNELS = new Set(['posthog', 'posthog-local']);

/** SQL cells in the editor: their colours, and what can stand at the cursor. */
export const sqlPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:sql',
  description: 'Shows %%hogql and %%duckdb cells as SQL, and completes tables and columns in them.',
  autoStart: true,
  optional: [IEditorExtensionRegistry, IEditorLanguageRegistry, ICompletionProviderManager],
  activate: (
    app: JupyterFrontEnd,
    extensions: IEditorExtensionRegistry | null,
    languages: IEditorLanguageRegistry | null,
    completion: ICompletionProviderManager | null
  ): void => {
    if (extensions && languages) {
      const load = languageLoader(languages);
      extensions.addExtension({
        name: 'jupyter-posthog:sql',
        factory: () => EditorExtensionRegistry.createImmutableExtension(sqlHighlighting(load))
      });
    }
    const connections = Connections.of(app.serviceManager.serverSettings);
    completion?.registerProvider(
      new SqlCompletionProvider(new ProjectSchemas(app.serviceManager.serverSettings), {
        projectOf: context => projectOf(context, connections),
        framesOf: ({ widget }) =>
          widget instanceof NotebookPanel && widget.model ? frameNames(widget.model.cells) : []
      })
    );
  }
};

/** Lab's own SQL inside a cell's language, fetched once; where it does not come, a cell keeps Lab's colours. */
function languageLoader(languages: IEditorLanguageRegistry): () => Promise<Extension> {
  let loading: Promise<Extension> | null = null;
  const load = async (): Promise<Extension> => {
    const sql = await languages.getLanguage('sql').catch(() => null);
    return sql?.support ? Prec.highest(sqlCellLanguage(sql.support.language).extension) : [];
  };
  return () => (loading ??= load());
}

/** The project of a notebook on the drive; of other notebooks, if one of our kernels runs them, the default one. */
function projectOf(
  { widget, session }: ICompletionContext,
  connections: Connections
): IProjectAddress | null {
  if (!(widget instanceof NotebookPanel)) {
    return null;
  }
  if (isOnDrive(widget.context.path)) {
    return parsePath(widget.context.path);
  }
  return OUR_KERNELS.has(session?.kernel?.name ?? '') ? connections.home : null;
}
