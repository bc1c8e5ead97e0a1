import { Language, syntaxTree } from '@codemirror/language';
import { sql } from '@codemirror/lang-sql';
import { EditorState, Extension, Prec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { describe, expect, it } from 'vitest';
import { sqlHighlighting } from './sqlHighlighting';
import { sqlCellLanguage } from './sqlLanguage';

const marks = tagHighlighter([
  { tag: tags.meta, class: 'magic' },
  { tag: tags.definition(tags.variableName), class: 'name' },
  { tag: tags.attributeName, class: 'option' },
  { tag: tags.keyword, class: 'keyword' },
  { tag: tags.string, class: 'string' }
]);
const sqlCell: Language = sqlCellLanguage(sql().language);

function marked(source: string, language = sqlCell): string[] {
  const found: string[] = [];
  highlightTree(language.parser.parse(source), marks, (from, to, style) =>
    found.push(`${style} ${source.slice(from, to)}`)
  );
  return found;
}

async function editorOf(doc: string): Promise<EditorView> {
  const load = async (): Promise<Extension> => Prec.highest(sqlCell.extension);
  const view = new EditorView({
    state: EditorState.create({ doc, extensions: sqlHighlighting(load) })
  });
  await Promise.resolve();
  return view;
}

const isSql = (view: EditorView) => syntaxTree(view.state).topNode.name === 'SqlCell';

describe('the language of SQL cells', () => {
  it('knows the first line, and SQL below it', () => {
    expect(marked("%%hogql orders --raw\nSELECT 'a' FROM t")).toEqual([
      'magic %%hogql',
      'name orders',
      'option --raw',
      'keyword SELECT',
      "string 'a'",
      'keyword FROM'
    ]);
  });

  it('has no SQL where none is written yet', () => {
    expect(marked('%%duckdb')).toEqual(['magic %%duckdb']);
  });

  it('takes a cell without a first line for SQL alone', () => {
    expect(marked('SELECT 1')).toEqual(['keyword SELECT']);
  });
});

describe('an editor', () => {
  it('reads SQL where the first line says so', async () => {
    expect(isSql(await editorOf('%%hogql a\nSELECT 1'))).toBe(true);
    expect(isSql(await editorOf('SELECT = 1'))).toBe(false);
  });

  it('follows the first line as it is typed and taken away', async () => {
    const view = await editorOf('SELECT 1');

    view.dispatch({ changes: { from: 0, insert: '%%hogql a\n' } });
    await Promise.resolve();
    expect(isSql(view)).toBe(true);

    view.dispatch({ changes: { from: 0, to: 1 } });
    expect(isSql(view)).toBe(false);

    view.dispatch({ changes: { from: 0, insert: '%' } });
    expect(isSql(view)).toBe(true);
  });

  it('that is gone when the language comes is left alone', async () => {
    const late: { give: (language: Extension) => void } = { give: () => undefined };
    const load = () => new Promise<Extension>(done => (late.give = done));
    const view = new EditorView({
      state: EditorState.create({ doc: '%%hogql\nx', extensions: sqlHighlighting(load) })
    });

    view.destroy();
    late.give(sqlCell.extension);
    await Promise.resolve();

    expect(isSql(view)).toBe(false);
  });
});
