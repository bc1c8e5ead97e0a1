/** The first line of an SQL cell, as jupyter_posthog/execution/magics.py reads it. */
export interface IMagicLine {
  language: 'hogql' | 'duckdb';
  /** The frame's name; null where nothing is said, empty where the result is only shown. */
  name: string | null;
  /** Where the word that names the frame stands in the source; an empty range where it would go. */
  nameStart: number;
  nameEnd: number;
  /** Where the SQL begins. */
  bodyStart: number;
}

/** The names that PostHog gives to results that nobody named (posthog-document.md 3.6). */
export const DEFAULT_NAMES = { python: 'df', hogql: 'sql_df', duckdb: 'duck_df' };

const MAGIC = /^%%(hogql|duckdb)(?:[^\S\r\n]([^\r\n]*))?(\r\n|\r|\n|$)/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const DISPLAY_ONLY = '-';
const WITH_VALUE = '--connection';
/** Python's own words, which can name nothing. */
const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' ')
);

/** Read the first line of a cell; null where it is not written in SQL. */
export function readMagic(source: string): IMagicLine | null {
  const found = MAGIC.exec(source);
  if (!found) {
    return null;
  }
  const bodyStart = found[0].length;
  const magicEnd = 2 + (found[1] ?? '').length;
  const line = { language: found[1] as IMagicLine['language'], bodyStart };
  const word = nameWord(found[2] ?? '', magicEnd + 1);
  return word
    ? { ...line, name: word.text === DISPLAY_ONLY ? '' : word.text, ...word.range }
    : { ...line, name: null, nameStart: magicEnd, nameEnd: magicEnd };
}

/** Whether a text can be the name of a frame. */
export function isFrameName(text: string): boolean {
  return NAME.test(text) && !KEYWORDS.has(text);
}

/**
 * Return what to put where so that an SQL cell names its result.
 *
 * @param name - null for PostHog's own name, empty to only show the result
 */
export function renaming(
  magic: IMagicLine,
  name: string | null
): { start: number; end: number; text: string } {
  const word = name === null ? '' : name || DISPLAY_ONLY;
  // The space before a word comes and goes with it.
  const start = magic.name === null ? magic.nameStart : magic.nameStart - 1;
  return { start, end: magic.nameEnd, text: word ? ` ${word}` : '' };
}

/** The first word behind the magic that is neither an option nor an option's value. */
function nameWord(
  rest: string,
  offset: number
): { text: string; range: { nameStart: number; nameEnd: number } } | null {
  let isValue = false;
  for (const found of rest.matchAll(/\S+/g)) {
    const text = found[0];
    if (!isValue && (text === DISPLAY_ONLY || !text.startsWith('-'))) {
      const nameStart = offset + found.index;
      return { text, range: { nameStart, nameEnd: nameStart + text.length } };
    }
    isValue = text === WITH_VALUE;
  }
  return null;
}
