import { describe, expect, it } from 'vitest';
import { sqlWordsAt } from './sqlWords';

const TABLES = {
  events: [
    ['event', 'string'],
    ['timestamp', 'datetime'],
    ['person', 'virtual_table']
  ],
  persons: [
    ['id', 'unknown'],
    ['created_at', 'datetime']
  ]
} as Record<string, [string, string][]>;
const MAGIC = '%%hogql orders\n';

/** The cursor is where the bar stands. */
function labels(text: string, frames: string[] = []): string[] | null {
  const source = MAGIC + text.replace('|', '');
  const cursor = MAGIC.length + text.indexOf('|');
  return (
    sqlWordsAt(source, cursor, MAGIC.length, TABLES, frames)?.words.map(({ label }) => label) ??
    null
  );
}

describe('what can stand at the cursor', () => {
  it.each([
    ['SELECT ev| FROM events', ['event', 'events']],
    ['SELECT | FROM events', ['event', 'timestamp', 'person', 'events', 'persons']],
    ['SELECT * FROM ev|', ['events']],
    ['SELECT * FROM |', ['events', 'persons']],
    ['SELECT p.| FROM persons AS p', ['id', 'created_at']],
    ['SELECT p.cr| FROM persons p WHERE 1', ['created_at']],
    ['SELECT persons.| FROM persons WHERE 1', ['id', 'created_at']],
    ['SELECT x.| FROM persons', []],
    ['SELECT EV| FROM events', ['event', 'events']],
    ["SELECT 'a', ti| FROM events", ['timestamp']]
  ])('%s', (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  it.each([
    ["SELECT 'ev|' FROM events"],
    ["SELECT 'ev|"],
    ['SELECT 1 -- ev|'],
    ['SELECT /* ev| */ 1']
  ])('nothing in %s', text => {
    expect(labels(text)).toBeNull();
  });

  it('reads results of other cells like tables', () => {
    expect(labels('SELECT * FROM or|', ['orders_by_day'])).toEqual(['orders_by_day']);
  });

  it('says which text it takes the place of', () => {
    const source = `${MAGIC}SELECT even FROM events`;
    const cursor = MAGIC.length + 9;

    expect(sqlWordsAt(source, cursor, MAGIC.length, TABLES, [])).toMatchObject({
      start: MAGIC.length + 7,
      end: MAGIC.length + 11
    });
  });

  it('leaves the first line alone', () => {
    expect(sqlWordsAt(MAGIC, 3, MAGIC.length, TABLES, [])).toBeNull();
  });

  it('never takes a name of JavaScript for a table', () => {
    expect(labels('SELECT constructor.| FROM constructor')).toEqual([]);
  });
});
