import { describe, expect, it } from 'vitest';
import type { INotebookRow } from './rows';
import { ISurroundings, Targets } from './targets';

const PLACE = {
  connection: { name: 'box', host: 'http://127.0.0.1:1' },
  project: { id: 1, name: '', organization: '' }
};
const row = { short_id: 'row1', title: 'A row' } as INotebookRow;

function targets(change: Partial<ISurroundings> = {}) {
  return new Targets({
    selected: () => [row],
    place: () => PLACE,
    titleOf: () => 'Known title',
    isInList: () => false,
    pathInFront: () => 'posthog:eu/7/In front∕here [fr1].ipynb',
    pathOfTab: () => null,
    ...change
  });
}

describe('Targets', () => {
  it('takes what the arguments name, of the place that is shown', () => {
    expect(targets().of({ short_id: 'x1' })).toEqual([
      { connection: 'box', projectId: 1, shortId: 'x1', title: 'Known title' }
    ]);
  });

  it('takes the notebook in front, by its title', () => {
    expect(targets().of({})).toEqual([
      { connection: 'eu', projectId: 7, shortId: 'fr1', title: 'In front/here' }
    ]);
  });

  it('takes the selected rows where the list was used last, or is pointed at', () => {
    const listed = [{ connection: 'box', projectId: 1, shortId: 'row1', title: 'A row' }];

    expect(targets({ isInList: () => true }).of({})).toEqual(listed);
    expect(targets().of({ from: 'list' })).toEqual(listed);
  });

  it('takes the notebook of a tab that was pointed at', () => {
    const pathOfTab = () => 'posthog:box/1/tab1.ipynb';

    expect(targets({ pathOfTab }).of({ from: 'tab' })[0]?.shortId).toBe('tab1');
  });

  it.each(['notes.ipynb', 'posthog:box/1', null])('finds none in %s', path => {
    expect(targets({ pathInFront: () => path }).of({})).toEqual([]);
  });

  it('finds none where a place is missing', () => {
    expect(targets({ place: () => null }).of({ short_id: 'x1' })).toEqual([]);
  });
});
