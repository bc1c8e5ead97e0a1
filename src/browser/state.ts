import { PosthogRequestError } from '../common/request';
import { EVERYTHING, IFilters } from './filters';
import type { SparseRows } from './pages';
import type { IPlace } from './places';

/** What the list shows; `error` stands beside the rows of before, if there were any. */
export interface IBrowserState {
  isLoading: boolean;
  place: IPlace | null;
  filters: IFilters;
  /** By place in the list; empty where nothing was fetched yet. */
  rows: SparseRows;
  /** How many notebooks there are; null before the first answer. */
  count: number | null;
  error: PosthogRequestError | null;
  /** When PostHog last said what the rows are, in milliseconds. */
  updatedAtMs: number | null;
  /** Since when nothing answers, in milliseconds. */
  awaySinceMs: number | null;
  /** Counts the questions: the rows of another one begin at the top. */
  question: number;
  /** The connection that was shown and is no more. */
  lostConnection: string | null;
  /** What somebody just did to a listed notebook. */
  lastChange: { title: string; by: string } | null;
}

/** Before anything is known. */
export const NOTHING: IBrowserState = {
  isLoading: true,
  place: null,
  filters: EVERYTHING,
  rows: [],
  count: null,
  error: null,
  updatedAtMs: null,
  awaySinceMs: null,
  question: 0,
  lostConnection: null,
  lastChange: null
};

/** Reasons of refusals that pass by themselves once the other side answers again. */
const AWAY = ['host_away', 'server_away', 'server_failed', 'not_posthog'];

/** Whether nothing answers, as opposed to: it refuses. */
export function isAway(error: PosthogRequestError): boolean {
  return AWAY.includes(error.reason);
}
