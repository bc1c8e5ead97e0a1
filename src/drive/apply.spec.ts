import { describe, expect, it } from 'vitest';
import { INotebookContent, IOpenCell, IOpenNotebook, showStored } from './apply';
import type { ICell } from './cells';

const cell = (id: string, source: string, posthog: object = {}): ICell => ({
  id,
  cell_type: 'markdown',
  source,
  metadata: { posthog }
});
const content = (...cells: ICell[]): INotebookContent => ({
  cells,
  metadata: { posthog: { shape: 'markdown' } }
});

type IShownCell = IOpenCell & { posthog?: unknown; outputs?: unknown };

class Open implements IOpenNotebook {
  constructor(...cells: [string, string][]) {
    this.cells = cells.map(([id, source]) => this._cell(id, source));
  }
  cells: IShownCell[];
  posthog: unknown;
  insert(index: number, one: ICell): void {
    this.cells.splice(index, 0, this._cell(one.id, String(one.source)));
  }
  remove(index: number): void {
    this.cells.splice(index, 1);
  }
  move(from: number, to: number): void {
    this.cells.splice(to, 0, ...this.cells.splice(from, 1));
  }
  setPosthog(value: unknown): void {
    this.posthog = value;
  }
  get texts(): string[] {
    return this.cells.map(({ id, source }) => `${id}: ${source}`);
  }
  private _cell(id: string, source: string): IShownCell {
    return {
      id,
      type: 'markdown',
      source,
      setPosthog(value) {
        this.posthog = value;
      },
      takeOutputs(from) {
        this.outputs = from.outputs;
      }
    } as IShownCell;
  }
}

describe('showing what was stored', () => {
  it('puts the stored text where nothing was typed meanwhile', () => {
    const open = new Open(['a', 'One  \n\n\n'], ['b', 'Two']);

    showStored(
      open,
      content(cell('a', 'One  \n\n\n'), cell('b', 'Two')),
      content(cell('a', 'One'), cell('b', 'Two'))
    );

    expect(open.texts).toEqual(['a: One', 'b: Two']);
  });

  it('leaves what was typed since the save was sent', () => {
    const open = new Open(['a', 'One, and more']);

    showStored(open, content(cell('a', 'One\n\n')), content(cell('a', 'One')));

    expect(open.texts).toEqual(['a: One, and more']);
  });

  it('gives a new cell the identity that PostHog stored', () => {
    const open = new Open(['a', 'One']);

    showStored(open, content(cell('a', 'One')), content(cell('a', 'One', { node_id: 'n1' })));

    expect(open.cells[0]?.posthog).toEqual({ node_id: 'n1' });
    expect(open.posthog).toEqual({ shape: 'markdown' });
  });

  it('inserts and removes cells where PostHog did, and keeps cells that were added meanwhile', () => {
    const open = new Open(
      ['a', 'One'],
      ['gone', 'x'],
      ['fresh', 'typed meanwhile'],
      ['c', 'Three']
    );
    const sent = content(cell('a', 'One'), cell('gone', 'x'), cell('c', 'Three'));

    showStored(open, sent, content(cell('a', 'One'), cell('b', 'Two'), cell('c', 'Three')));

    expect(open.texts).toEqual(['a: One', 'b: Two', 'fresh: typed meanwhile', 'c: Three']);
  });

  it('merges what was typed meanwhile with what others changed in the same cell', () => {
    const open = new Open(['a', 'One, and more\n\nTwo']);

    const isShown = showStored(
      open,
      content(cell('a', 'One\n\nTwo')),
      content(cell('a', 'One\n\nTwo, by Grace'))
    );

    expect(isShown).toBe(true);
    expect(open.texts).toEqual(['a: One, and more\n\nTwo, by Grace']);
  });

  it('shows nothing where both changed the same line, since the base must stay then', () => {
    const open = new Open(['a', 'One, and more'], ['b', 'Two']);

    const isShown = showStored(
      open,
      content(cell('a', 'One'), cell('b', 'Two')),
      content(cell('a', 'One, by Grace'), cell('b', 'Two, by Grace'))
    );

    expect(isShown).toBe(false);
    expect(open.texts).toEqual(['a: One, and more', 'b: Two']);
  });

  it('takes the stored outputs of a cell that others changed, and no others', () => {
    const open = new Open(['a', 'One'], ['b', 'Two']);
    const by = (text: string): ICell => ({ ...cell('a', text), outputs: ['stored'] });

    showStored(
      open,
      content(cell('a', 'One'), cell('b', 'Two')),
      content(by('One, by Grace'), { ...cell('b', 'Two'), outputs: ['stored'] })
    );

    expect(open.cells.map(({ outputs }) => outputs)).toEqual([['stored'], undefined]);
  });

  it('brings back a cell that was deleted meanwhile where others changed it', () => {
    const open = new Open(['a', 'One']);

    showStored(
      open,
      content(cell('a', 'One'), cell('b', 'Two'), cell('c', 'Three')),
      content(cell('a', 'One'), cell('b', 'Two, by Grace'), cell('c', 'Three'))
    );

    expect(open.texts).toEqual(['a: One', 'b: Two, by Grace']);
  });

  it('follows an order that others changed, unless cells were moved here too', () => {
    const sent = content(cell('a', '1'), cell('b', '2'), cell('c', '3'));
    const stored = content(cell('c', '3'), cell('a', '1'), cell('b', '2'));
    const open = new Open(['a', '1'], ['b', '2'], ['c', '3']);
    const moved = new Open(['b', '2'], ['a', '1'], ['c', '3']);

    showStored(open, sent, stored);
    showStored(moved, sent, stored);

    expect(open.texts).toEqual(['c: 3', 'a: 1', 'b: 2']);
    expect(moved.texts).toEqual(['b: 2', 'a: 1', 'c: 3']);
  });

  it('shows a cell anew whose kind others changed', () => {
    const open = new Open(['a', 'One']);

    showStored(open, content(cell('a', 'One')), content({ ...cell('a', 'One'), cell_type: 'raw' }));

    expect(open.cells).toHaveLength(1);
  });
});
