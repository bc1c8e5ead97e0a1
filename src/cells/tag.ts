/** A component tag as far as a card shows it (posthog-document.md 3.4, 3.5). */
export interface ITag {
  name: string;
  /** Values as PostHog reads them; what is no JSON stays text. */
  props: ReadonlyMap<string, unknown>;
}

const TAG_NAME = /^<([A-Z][A-Za-z0-9]*)/;
const PROP_NAME = /^[A-Za-z_][A-Za-z0-9_-]*/;
const SPACE = /^\s+/;
const WORD = /^[^\s/>]+/;
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** In PostHog's own order; the ampersand comes last. */
const ENTITIES: [string, string][] = [
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&apos;', "'"],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&']
];

/** Read a tag; null where the text is not one, or its properties are not written as PostHog reads them. */
export function readTag(source: string): ITag | null {
  const text = source.trim();
  const name = TAG_NAME.exec(text)?.[1];
  if (!name) {
    return null;
  }
  const props = new Map<string, unknown>();
  let rest = text.slice(name.length + 1);
  for (;;) {
    rest = rest.replace(SPACE, '');
    if (rest.startsWith('/>') || rest.startsWith('>')) {
      return { name, props };
    }
    const prop = PROP_NAME.exec(rest)?.[0];
    if (!prop) {
      return null;
    }
    const after = rest.slice(prop.length).replace(SPACE, '');
    if (!after.startsWith('=')) {
      props.set(prop, true);
      rest = rest.slice(prop.length);
      continue;
    }
    const read = readValue(after.slice(1).replace(SPACE, ''));
    if (!read) {
      return null;
    }
    props.set(prop, read.value);
    rest = read.rest;
  }
}

/** The name at the front of a text that may not be a whole tag. */
export function tagName(source: string): string {
  return TAG_NAME.exec(source.trim())?.[1] ?? '';
}

function readValue(text: string): { value: unknown; rest: string } | null {
  const first = text[0];
  if (first === '"' || first === "'") {
    const end = endOfQuotes(text, first);
    return end < 0 ? null : { value: quoted(text.slice(0, end + 1)), rest: text.slice(end + 1) };
  }
  if (first === '{') {
    const end = endOfBraces(text);
    return end < 0
      ? null
      : { value: expression(text.slice(1, end).trim()), rest: text.slice(end + 1) };
  }
  const word = WORD.exec(text)?.[0];
  return word ? { value: expression(word), rest: text.slice(word.length) } : null;
}

function quoted(text: string): string {
  let value = text.slice(1, -1);
  try {
    const parsed: unknown = text.startsWith('"') ? JSON.parse(text) : undefined;
    value = typeof parsed === 'string' ? parsed : value.replace(/\\([\s\S])/g, '$1');
  } catch {
    value = value.replace(/\\([\s\S])/g, '$1');
  }
  return ENTITIES.reduce((decoded, [entity, sign]) => decoded.replaceAll(entity, sign), value);
}

function expression(text: string): unknown {
  if (NUMBER.test(text)) {
    return Number(text);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function endOfQuotes(text: string, quote: string): number {
  for (let index = 1; index < text.length; index++) {
    if (text[index] === '\\') {
      index += 1;
    } else if (text[index] === quote) {
      return index;
    }
  }
  return -1;
}

function endOfBraces(text: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index];
    if (sign === '"' || sign === "'") {
      const end = endOfQuotes(text.slice(index), sign);
      if (end < 0) {
        return -1;
      }
      index += end;
    } else if (sign === '{') {
      depth += 1;
    } else if (sign === '}') {
      depth -= 1;
      if (depth === 0) {
        return index;
      }
    }
  }
  return -1;
}
