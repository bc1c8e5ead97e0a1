import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import { PosthogRequestError } from '../common/request';
import type { IEditsState } from '../drive/tokens';
import type { INews } from './news';
import { changeLine, detailsOf, sentenceOf } from './sentences';

const trans = nullTranslator.load('jupyter_posthog');
const AT = Date.parse('2026-11-25T14:05:00');
const SAVED: IEditsState = {
  phase: 'saved',
  changes: [],
  refusal: '',
  failure: null,
  isAsked: false,
  conflict: null,
  problem: ''
};
const QUIET: INews = { change: null, merged: null, people: [], isGone: false, unheard: null };
const change = { version: 4, by: 'Grace', isOwn: false, atMs: AT };
const cells = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    cell_id: `c${index}`,
    cell_number: index + 1,
    kind: 'edited'
  }));
const failure = (reason: string) => new PosthogRequestError({ message: '', reason, status: 503 });

describe('sentenceOf', () => {
  const cases: [string, Partial<IEditsState>, Partial<INews>][] = [
    ['Saved', {}, {}],
    ['Saving…', { phase: 'saving' }, {}],
    ['1 change not in PostHog', { phase: 'edited', changes: cells(1) }, {}],
    ['3 changes not in PostHog', { phase: 'edited', changes: cells(3) }, {}],
    ['Cannot be saved as it is', { phase: 'edited', changes: null, refusal: 'Cell 1 …' }, {}],
    ['Kept here, PostHog does not answer', { phase: 'kept', failure: failure('host_away') }, {}],
    ['Kept here, not in PostHog', { phase: 'kept', failure: failure('access_denied') }, {}],
    [
      'Changed by Grace too — look',
      { phase: 'conflict', conflict: { by: 'Grace', storedVersion: 4 } },
      { change }
    ],
    ['View only', { phase: 'view_only' }, {}],
    ['Changed by Grace, just now — look', { phase: 'edited', changes: cells(1) }, { change }],
    ['Changed by Grace, just now — merged', {}, { merged: change }],
    ['1 change not in PostHog', { phase: 'edited', changes: cells(1) }, { merged: change }],
    ['Changed in another tab, just now — look', {}, { change: { ...change, isOwn: true } }],
    ['Changed in PostHog, just now — look', {}, { change: { ...change, by: '' } }],
    ['In PostHog, this notebook is in the trash', { phase: 'kept' }, { isGone: true }]
  ];

  it.each(cases)('%s', (text, edits, news) => {
    const clock = { nowMs: AT + 1000, locale: 'en-US' };

    expect(sentenceOf({ ...SAVED, ...edits }, { ...QUIET, ...news }, trans, clock)).toBe(text);
  });

  it('names the time of what is longer ago', () => {
    const clock = { nowMs: AT + 120_000, locale: 'en-US' };

    expect(sentenceOf(SAVED, { ...QUIET, merged: change }, trans, clock)).toBe(
      'Changed by Grace, 02:05 PM — merged'
    );
  });
});

describe('detailsOf', () => {
  it.each([
    ['key_refused', 'This key may not read the notebook.'],
    ['unknown_connection', 'The connection was removed.'],
    ['host_away', 'PostHog does not answer.'],
    ['not_posthog', 'The PostHog Doctor says more.']
  ])('says why edits of others do not show: %s', (unheard, cause) => {
    expect(detailsOf(SAVED, { ...QUIET, unheard }, trans)).toEqual([
      `Edits by others do not show here. ${cause}`
    ]);
  });

  it('says what the server said of a notebook that cannot be saved, and of its disk', () => {
    const edits = { ...SAVED, refusal: 'Cell 3 cannot be stored.', problem: 'No space left' };

    expect(detailsOf(edits, QUIET, trans)).toEqual([
      'Cell 3 cannot be stored.',
      'The draft is in the memory of the Jupyter server only: No space left.'
    ]);
  });
});

describe('changeLine', () => {
  it.each([
    ['edited', 3, 'Cell 3 was edited'],
    ['added', 1, 'Cell 1 is new'],
    ['moved', 2, 'Cell 2 was moved'],
    ['result', 2, 'Cell 2 has a new result'],
    ['deleted', null, 'A cell was deleted']
  ])('%s', (kind, cell_number, text) => {
    expect(changeLine({ cell_id: 'a', cell_number, kind }, trans)).toBe(text);
  });
});
