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

class Open implements IOpenNotebook {
  constructor(...cells: [string, string][]) {
    this.cells = cells.map(([id, source]) => this._cell(id, source));
  }
  cells: (IOpenCell & { posthog?: unknown })[];
  posthog: unknown;
  insert(index: number, one: ICell): void {
    this.cells.splice(index, 0, this._cell(one.id, String(one.source)));
  }
  remove(index: number): void {
    this.cells.splice(index, 1);
  }
  setPosthog(value: unknown): void {
    this.posthog = value;
  }
  get texts(): string[] {
    return this.cells.map(({ id, source }) => `${id}: ${source}`);
  }
  private _cell(id: string, source: string): IOpenCell & { posthog?: unknown } {
    return {
      id,
      type: 'markdown',
      source,
      setPosthog(value) {
        this.posthog = value;
      }
    } as IOpenCell & { posthog?: unknown };
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
});
