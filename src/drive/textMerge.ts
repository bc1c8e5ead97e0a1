/** The one stretch of lines in which a text differs from another. */
interface IHunk {
  start: number;
  end: number;
  lines: string[];
}

/** Whether two texts differ in nothing but white space at line ends and around the whole. */
export function isSameText(left: string, right: string): boolean {
  return trimmed(left) === trimmed(right);
}

/**
 * Bring two edits of one text together; null where both are about the same lines, or about lines that touch.
 *
 * @param base - what both edits began from
 */
export function mergeTexts(base: string, mine: string, theirs: string): string | null {
  if (isSameText(theirs, base) || mine === theirs) {
    return mine;
  }
  if (mine === base) {
    return theirs;
  }
  const lines = base.split('\n');
  const hunks = [hunkOf(lines, mine.split('\n')), hunkOf(lines, theirs.split('\n'))];
  const [first, second] = hunks.sort((one, other) => one.start - other.start);
  if (!first || !second || first.end >= second.start) {
    return null;
  }
  return [
    ...lines.slice(0, first.start),
    ...first.lines,
    ...lines.slice(first.end, second.start),
    ...second.lines,
    ...lines.slice(second.end)
  ].join('\n');
}

function hunkOf(base: string[], now: string[]): IHunk {
  const shortest = Math.min(base.length, now.length);
  let start = 0;
  while (start < shortest && base[start] === now[start]) {
    start += 1;
  }
  let tail = 0;
  while (tail < shortest - start && base[base.length - 1 - tail] === now[now.length - 1 - tail]) {
    tail += 1;
  }
  return { start, end: base.length - tail, lines: now.slice(start, now.length - tail) };
}

function trimmed(text: string): string {
  return text.replace(/[ \t]+$/gm, '').trim();
}
