import type { TranslationBundle } from '@jupyterlab/translation';
import { BLOCK_KINDS, Since, SortField } from './filters';

/** What stands where a notebook has no title. */
export function titleOr(trans: TranslationBundle, title: string | null): string {
  return title?.trim() ? title : trans.__('Untitled');
}

/** A title short enough to stand in a sentence. */
export function shortTitle(trans: TranslationBundle, title: string | null): string {
  const characters = [...titleOr(trans, title)];
  return characters.length > MOST_CHARACTERS
    ? `${characters.slice(0, MOST_CHARACTERS).join('')}…`
    : characters.join('');
}

/** How the kinds of blocks are called. */
export function blockKinds(trans: TranslationBundle): Record<string, string> {
  const words: Record<(typeof BLOCK_KINDS)[number], string> = {
    query: trans.__('Insights and queries'),
    recording: trans.__('Recordings'),
    'replay-timestamp': trans.__('Comments on recordings'),
    'feature-flag': trans.__('Feature flags'),
    experiment: trans.__('Experiments'),
    survey: trans.__('Surveys'),
    'early-access-feature': trans.__('Early access features'),
    cohort: trans.__('Cohorts'),
    person: trans.__('Persons'),
    dashboard: trans.__('Dashboards'),
    image: trans.__('Pictures')
  };
  return words;
}

/** How moments since when notebooks were changed are called. */
export function moments(trans: TranslationBundle): Record<Since, string> {
  return {
    today: trans.__('Today'),
    week: trans.__('Last 7 days'),
    month: trans.__('Last 30 days')
  };
}

/** How the orders of the list are called. */
export function orders(trans: TranslationBundle): Record<SortField, string> {
  return {
    last_modified_at: trans.__('Modified'),
    created_at: trans.__('Created'),
    title: trans.__('Title')
  };
}

const MOST_CHARACTERS = 60;
