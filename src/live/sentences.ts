import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import type { ICellChange, IEditsState } from '../drive/tokens';
import type { IChange, INews } from './news';

const JUST_NOW_MS = 60_000;

/** What a moment needs to be said. */
export interface IClock {
  nowMs: number;
  locale?: string;
}

/** Say in a few words how an open notebook stands; the most urgent thing first. */
export function sentenceOf(
  edits: IEditsState,
  news: INews,
  trans: TranslationBundle,
  clock: IClock
): string {
  if (news.isGone) {
    return trans.__('In PostHog, this notebook is in the trash');
  }
  if (edits.phase === 'saving' || edits.phase === 'kept' || edits.phase === 'conflict') {
    return phaseSentence(edits, trans);
  }
  if (news.change) {
    return trans.__('%1 — look', changeSentence(news.change, trans, clock));
  }
  if (edits.phase === 'saved' && news.merged) {
    return trans.__('%1 — merged', changeSentence(news.merged, trans, clock));
  }
  return phaseSentence(edits, trans);
}

function phaseSentence(edits: IEditsState, trans: TranslationBundle): string {
  switch (edits.phase) {
    case 'saving':
      return trans.__('Saving…');
    case 'kept':
      return keptSentence(edits.failure?.reason ?? '', trans);
    case 'conflict':
      return edits.conflict?.by
        ? trans.__('Changed by %1 too — look', edits.conflict.by)
        : trans.__('Changed by somebody else too — look');
    case 'view_only':
      return trans.__('View only');
    case 'edited':
      return edits.changes?.length
        ? trans._n('%1 change not in PostHog', '%1 changes not in PostHog', edits.changes.length)
        : trans.__('Cannot be saved as it is');
    case 'saved':
      return trans.__('Saved');
  }
}

function keptSentence(reason: string, trans: TranslationBundle): string {
  switch (reason) {
    case 'host_away':
    case 'server_failed':
    case 'not_posthog':
      return trans.__('Kept here, PostHog does not answer');
    case 'rate_limited':
      return trans.__('Kept here, the request limit is used up');
    case 'server_away':
      return trans.__('Kept in this page, Jupyter does not answer');
    default:
      return trans.__('Kept here, not in PostHog');
  }
}

function changeSentence(change: IChange, trans: TranslationBundle, clock: IClock): string {
  const time =
    clock.nowMs - change.atMs < JUST_NOW_MS
      ? trans.__('just now')
      : new Date(change.atMs).toLocaleTimeString(clock.locale, {
          hour: '2-digit',
          minute: '2-digit'
        });
  if (change.isOwn) {
    return trans.__('Changed in another tab, %1', time);
  }
  return change.by
    ? trans.__('Changed by %1, %2', change.by, time)
    : trans.__('Changed in PostHog, %1', time);
}

/** Say what a few words leave open, a sentence each. */
export function detailsOf(edits: IEditsState, news: INews, trans: TranslationBundle): string[] {
  const details = [];
  if (edits.failure) {
    details.push(sentence(trans, edits.failure));
  }
  if (edits.refusal) {
    details.push(edits.refusal);
  }
  if (edits.problem) {
    details.push(
      trans.__('The draft is in the memory of the Jupyter server only: %1.', edits.problem)
    );
  }
  if (edits.phase === 'view_only') {
    details.push(trans.__('You may not change this notebook. What you type is kept here.'));
  }
  if (news.unheard) {
    const cause = causeOf(news.unheard, trans);
    details.push(`${trans.__('Edits by others do not show here.')} ${cause}`);
  }
  return details;
}

/** Say what a save would do with one cell. */
export function changeLine(change: ICellChange, trans: TranslationBundle): string {
  if (change.cell_number === null) {
    return trans.__('A cell was deleted');
  }
  switch (change.kind) {
    case 'added':
      return trans.__('Cell %1 is new', change.cell_number);
    case 'moved':
      return trans.__('Cell %1 was moved', change.cell_number);
    case 'result':
      return trans.__('Cell %1 has a new result', change.cell_number);
    default:
      return trans.__('Cell %1 was edited', change.cell_number);
  }
}

/** An event names the reason alone, without the facts that the long sentences are made of. */
function causeOf(reason: string, trans: TranslationBundle): string {
  switch (reason) {
    case 'missing_scope':
    case 'access_denied':
    case 'key_not_supported':
    case 'key_refused':
      return trans.__('This key may not read the notebook.');
    case 'unknown_connection':
      return trans.__('The connection was removed.');
    case 'host_away':
    case 'server_failed':
      return trans.__('PostHog does not answer.');
    default:
      return trans.__('The PostHog Doctor says more.');
  }
}
