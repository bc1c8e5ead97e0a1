import { describe, expect, it } from 'vitest';
import type { INotebookRow } from './rows';
import { SelectionModel } from './selection';

const row = (short_id: string) => ({ short_id, title: short_id }) as INotebookRow;
const rows = (...ids: (string | null)[]) => ids.map(id => (id ? row(id) : undefined));

function selection(...ids: (string | null)[]) {
  const model = new SelectionModel();
  model.update(rows(...ids));
  return model;
}
const ids = (model: SelectionModel) => model.rows.map(one => one.short_id);

describe('SelectionModel', () => {
  it('selects one, adds, takes away, and extends from where it began', () => {
    const model = selection('a', 'b', 'c', 'd');

    model.select(1, 'only');
    model.select(3, 'extend');
    expect(ids(model)).toEqual(['b', 'c', 'd']);
    model.select(0, 'extend');
    expect(ids(model)).toEqual(['a', 'b']);
    model.select(3, 'toggle');
    model.select(0, 'toggle');

    expect(ids(model)).toEqual(['b', 'd']);
    expect(model.active).toBe(0);
  });

  it('stays with its notebooks when rows move, and lets go of those that are gone', () => {
    const model = selection('a', 'b', 'c');
    model.select(0, 'only');
    model.select(2, 'toggle');

    model.update(rows('c', 'b'));

    expect(ids(model)).toEqual(['c']);
    expect(model.active).toBe(0);
  });

  it('selects the row that was gone to before it was fetched', () => {
    const model = selection('a', null, null);

    model.select(99, 'only');
    expect(ids(model)).toEqual([]);
    model.update(rows('a', 'b', 'c'));

    expect(ids(model)).toEqual(['c']);
  });

  it('keeps a selection that the menu is asked for', () => {
    const model = selection('a', 'b', 'c');
    model.select(0, 'only');
    model.select(1, 'extend');

    model.pick(1);
    expect(ids(model)).toEqual(['a', 'b']);
    model.pick(2);

    expect(ids(model)).toEqual(['c']);
  });

  it('tells moves of a person from moves of rows', () => {
    const model = selection('a', 'b');
    let moves = 0;
    model.moved.connect(() => moves++);

    model.select(1, 'only');
    model.update(rows('b', 'a'));

    expect(moves).toBe(1);
  });
});
