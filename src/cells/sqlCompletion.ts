import { Text } from '@jupyterlab/coreutils';
import type {
  CompletionHandler,
  ICompletionContext,
  ICompletionProvider
} from '@jupyterlab/completer';
import { readMagic } from './magicLine';
import type { IProjectAddress, ProjectSchemas } from './projectSchemas';
import { sqlWordsAt } from './sqlWords';

/** Above Lab's own providers, whose rank is about 500. */
const RANK = 1000;

/** What the provider asks of the page about the notebook of a cell. */
export interface ISqlNotebooks {
  /** Whose tables the cells of a widget read; null where they are not ours, or it is not known yet. */
  projectOf(context: ICompletionContext): IProjectAddress | null;
  /** The names of the results of the notebook's cells. */
  framesOf(context: ICompletionContext): readonly string[];
}

/** Completes tables and columns of the project in SQL cells, and answers nowhere else. */
export class SqlCompletionProvider implements ICompletionProvider {
  constructor(schemas: ProjectSchemas, notebooks: ISqlNotebooks) {
    this._schemas = schemas;
    this._notebooks = notebooks;
  }

  readonly identifier = 'jupyter-posthog:sql';
  readonly rank = RANK;
  readonly renderer = null;

  async isApplicable(context: ICompletionContext): Promise<boolean> {
    const project = this._notebooks.projectOf(context);
    const source = context.editor?.model.sharedModel.getSource() ?? '';
    const isSql = project !== null && readMagic(source) !== null;
    if (isSql) {
      void this._schemas.of(project); // so that the first answer comes in time
    }
    return isSql;
  }

  async fetch(
    request: CompletionHandler.IRequest,
    context: ICompletionContext
  ): Promise<CompletionHandler.ICompletionItemsReply> {
    const nothing = { start: request.offset, end: request.offset, items: [] };
    const project = this._notebooks.projectOf(context);
    const { text } = request;
    const magic = readMagic(text);
    if (!project || !magic) {
      return nothing;
    }
    const tables = magic.language === 'hogql' ? await this._schemas.of(project) : {};
    const frames = this._notebooks.framesOf(context);
    // Lab counts characters here, as kernels do.
    const cursor = Text.charIndexToJsIndex(request.offset, text);
    const found = sqlWordsAt(text, cursor, magic.bodyStart, tables, frames);
    if (!found) {
      return nothing;
    }
    return {
      start: Text.jsIndexToCharIndex(found.start, text),
      end: Text.jsIndexToCharIndex(found.end, text),
      items: found.words.map(({ label, type }) => ({ label, type }))
    };
  }

  private readonly _schemas: ProjectSchemas;
  private readonly _notebooks: ISqlNotebooks;
}
