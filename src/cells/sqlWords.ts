import type { Tables } from './projectSchemas';

/** One thing that can stand at the cursor. */
export interface ISqlWord {
  label: string;
  /** `table`, `frame` or the type of a column. */
  type: string;
}

/** What can stand at the cursor, and which part of the text it takes the place of. */
export interface ISqlWords {
  start: number;
  end: number;
  words: ISqlWord[];
}

const BEFORE_CURSOR = /(?:([A-Za-z_$][\w$]*|`[^`]*`)\s*\.\s*)?([A-Za-z_$][\w$]*)?$/;
const AFTER_CURSOR = /^[\w$]*/;
const TABLES_READ =
  /\b(?:from|join)\s+([A-Za-z_$][\w$.]*|`[^`]*`)(?:\s+(?:as\s+)?(?!(?:on|where|group|order|limit|left|right|inner|outer|full|cross|any|join|prewhere|sample|final|having|union|settings|array)\b)([A-Za-z_$][\w$]*))?/gi;
const EXPECTS_TABLE = /\b(?:from|join|into|describe)\s+[\w$]*$/i;
/** Strings and comments, in which nothing is completed. */
const OPAQUE = /'(?:[^'\\]|\\.|'')*(?:'|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/**
 * Return the tables and columns that can stand at the cursor; null in a string, in a comment and behind a digit.
 *
 * @param frames - names of other cells' results, which SQL reads like tables
 */
export function sqlWordsAt(
  source: string,
  cursor: number,
  bodyStart: number,
  tables: Tables,
  frames: readonly string[]
): ISqlWords | null {
  if (cursor < bodyStart || isOpaqueAt(source, cursor, bodyStart)) {
    return null;
  }
  const before = source.slice(bodyStart, cursor);
  const found = BEFORE_CURSOR.exec(before);
  const prefix = found?.[2] ?? '';
  const start = cursor - prefix.length;
  if (/[\w$]/.test(source[start - 1] ?? '') && start > bodyStart) {
    return null;
  }
  const end = cursor + (AFTER_CURSOR.exec(source.slice(cursor))?.[0].length ?? 0);
  const read = tablesRead(source.slice(bodyStart));
  const owner = found?.[1]?.replaceAll('`', '');
  const words = owner
    ? columnsOf(read.get(owner.toLowerCase()) ?? owner, tables)
    : EXPECTS_TABLE.test(before)
      ? tableWords(tables, frames)
      : [...columnsOfAll(read, tables), ...tableWords(tables, frames)];
  const wanted = prefix.toLowerCase();
  const fitting = words.filter(({ label }) => label.toLowerCase().startsWith(wanted));
  return { start, end, words: unique(fitting) };
}

function tableWords(tables: Tables, frames: readonly string[]): ISqlWord[] {
  const frameWords = frames.map(label => ({ label, type: 'frame' }));
  return [...Object.keys(tables).map(label => ({ label, type: 'table' })), ...frameWords];
}

function columnsOf(table: string, tables: Tables): ISqlWord[] {
  const columns = Object.hasOwn(tables, table) ? tables[table] : undefined;
  return (columns ?? []).map(([label, type]) => ({ label, type }));
}

function columnsOfAll(read: Map<string, string>, tables: Tables): ISqlWord[] {
  return [...new Set(read.values())].flatMap(table => columnsOf(table, tables));
}

/** The tables that a query names, by their names and their second names, in lower case. */
function tablesRead(sql: string): Map<string, string> {
  const read = new Map<string, string>();
  for (const [, name = '', alias] of sql.replace(OPAQUE, ' ').matchAll(TABLES_READ)) {
    const table = name.replaceAll('`', '');
    read.set(table.toLowerCase(), table);
    if (alias) {
      read.set(alias.toLowerCase(), table);
    }
  }
  return read;
}

function isOpaqueAt(source: string, cursor: number, bodyStart: number): boolean {
  for (const found of source.slice(bodyStart).matchAll(OPAQUE)) {
    const from = bodyStart + found.index;
    const to = from + found[0].length;
    const isOpen = found[0].startsWith('--') ? cursor <= to : cursor < to || to === source.length;
    if (from < cursor && isOpen) {
      return !(cursor === to && isClosed(found[0]));
    }
  }
  return false;
}

function isClosed(text: string): boolean {
  return (text.startsWith("'") && text.length > 1 && text.endsWith("'")) || text.endsWith('*/');
}

function unique(words: ISqlWord[]): ISqlWord[] {
  const seen = new Set<string>();
  return words.filter(({ label }) => !seen.has(label) && seen.add(label));
}
