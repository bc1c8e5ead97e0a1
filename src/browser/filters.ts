/** What the list may be sorted by, as PostHog calls it. */
export type SortField = 'last_modified_at' | 'created_at' | 'title';

/** Since when a notebook was changed. */
export type Since = 'today' | 'week' | 'month';

/** Which notebooks the list shows, and in which order; PostHog does the choosing. */
export interface IFilters {
  search: string;
  isMine: boolean;
  /** Who made the notebook; never together with `isMine`. */
  author: { uuid: string; name: string } | null;
  since: Since | null;
  /** A kind of block, as PostHog's parameter `contains` calls it. */
  contains: string | null;
  sort: SortField;
  isDescending: boolean;
}

/** Every notebook, last changed first: PostHog's own order. */
export const EVERYTHING: IFilters = {
  search: '',
  isMine: false,
  author: null,
  since: null,
  contains: null,
  sort: 'last_modified_at',
  isDescending: true
};

/** The kinds of blocks that can be looked for (posthog-api.md 6.4). */
export const BLOCK_KINDS = [
  'query',
  'recording',
  'replay-timestamp',
  'feature-flag',
  'experiment',
  'survey',
  'early-access-feature',
  'cohort',
  'person',
  'dashboard',
  'image'
] as const;

/** Return the query of a list request (posthog-api.md 6.4). */
export function queryOf(filters: IFilters, nowMs: number): URLSearchParams {
  const query = new URLSearchParams();
  const set = (name: string, value: string | null | undefined) => value && query.set(name, value);
  set('search', filters.search.trim());
  set('user', filters.isMine ? 'true' : null);
  set('created_by', filters.author?.uuid);
  set('date_from', filters.since && momentOf(filters.since, nowMs));
  set('contains', filters.contains && `${filters.contains}:true`);
  if (filters.sort !== EVERYTHING.sort || !filters.isDescending) {
    query.set('order', `${filters.isDescending ? '-' : ''}${filters.sort}`);
  }
  return query;
}

/** How many filters keep notebooks out of the list; words of a search are none. */
export function countFilters(filters: IFilters): number {
  return [filters.isMine, filters.author, filters.since, filters.contains].filter(Boolean).length;
}

/** Return filters that let everything in, in the order of before. */
export function cleared(filters: IFilters): IFilters {
  return { ...EVERYTHING, sort: filters.sort, isDescending: filters.isDescending };
}

/** Whether a notebook that was just changed belongs on top. */
export function isNewestFirst(filters: IFilters): boolean {
  return filters.sort === 'last_modified_at' && filters.isDescending;
}

/** Today begins where the reader is; PostHog reckons the days before by itself. */
function momentOf(since: Since, nowMs: number): string {
  if (since === 'today') {
    const day = new Date(nowMs);
    day.setHours(0, 0, 0, 0);
    return day.toISOString();
  }
  return since === 'week' ? '-7d' : '-30d';
}
