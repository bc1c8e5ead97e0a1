import { describe, expect, it } from 'vitest';
import { ListPages } from './pages';
import type { INotebookRow } from './rows';

const row = (short_id: string) => ({ short_id, title: short_id }) as INotebookRow;
const answer = (count: number, ...ids: string[]) => ({ count, results: ids.map(row) });
const ids = (pages: ListPages) => pages.rows.map(one => one?.short_id);

describe('ListPages', () => {
  it('keeps places open for pages that were not fetched', () => {
    const pages = new ListPages(2);

    pages.accept(1, answer(5, 'c', 'd'));

    expect(ids(pages)).toEqual([undefined, undefined, 'c', 'd', undefined]);
    expect(pages.missing(0, 99)).toEqual([0, 2]);
  });

  it('keeps what comes back the same, so that nothing is drawn anew', () => {
    const pages = new ListPages(2);
    pages.accept(0, answer(2, 'a', 'b'));
    const before = pages.rows;

    expect(pages.accept(0, answer(2, 'a', 'b'))).toBe(false);
    expect(pages.rows).toBe(before);
  });

  it('has as many places as PostHog counts, also when there are fewer than before', () => {
    const pages = new ListPages(2);
    pages.accept(0, answer(4, 'a', 'b'));
    pages.accept(1, answer(4, 'c', 'd'));

    pages.accept(0, answer(3, 'a', 'b'));

    expect(ids(pages)).toEqual(['a', 'b', 'c']);
  });

  it('takes one notebook out and asks for the rest again', () => {
    const pages = new ListPages(2);
    pages.accept(0, answer(6, 'a', 'b'));

    pages.remove('a');

    expect(ids(pages)).toEqual(['b', undefined, undefined, undefined, undefined]);
    expect(pages.missing(0, 3)).toEqual([0, 1]);
  });

  it('knows an empty list from one that was not fetched', () => {
    const pages = new ListPages(2);
    expect(pages.count).toBeNull();

    pages.accept(0, answer(0));

    expect(pages.count).toBe(0);
    expect(pages.missing(0, 50)).toEqual([]);
  });
});
