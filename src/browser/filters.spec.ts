import { describe, expect, it } from 'vitest';
import { cleared, countFilters, EVERYTHING, IFilters, queryOf } from './filters';

const NOW = Date.parse('2026-11-25T10:00:00Z');
const query = (change: Partial<IFilters>) => queryOf({ ...EVERYTHING, ...change }, NOW).toString();

describe('filters', () => {
  it.each<[Partial<IFilters>, string]>([
    [{}, ''],
    [{ search: ' weekly funnel ' }, 'search=weekly+funnel'],
    [{ isMine: true }, 'user=true'],
    [{ author: { uuid: 'u-1', name: 'Ada' } }, 'created_by=u-1'],
    [{ since: 'week' }, 'date_from=-7d'],
    [{ since: 'month' }, 'date_from=-30d'],
    [{ contains: 'feature-flag' }, 'contains=feature-flag%3Atrue'],
    [{ sort: 'title', isDescending: false }, 'order=title'],
    [{ isDescending: false }, 'order=last_modified_at'],
    [{ sort: 'created_at' }, 'order=-created_at']
  ])('%j is asked for as “%s”', (change, text) => {
    expect(query(change)).toBe(text);
  });

  it('begins today where the reader is', () => {
    const from = new URLSearchParams(query({ since: 'today' })).get('date_from') ?? '';

    expect(new Date(from).getHours()).toBe(0);
    expect(NOW - Date.parse(from)).toBeLessThan(25 * 3_600_000);
  });

  it('counts what keeps notebooks out, and clears it but for the order', () => {
    const filters: IFilters = {
      ...EVERYTHING,
      search: 'x',
      isMine: true,
      since: 'week',
      sort: 'title'
    };

    expect(countFilters(filters)).toBe(2);
    expect(cleared(filters)).toEqual({ ...EVERYTHING, sort: 'title' });
  });
});
