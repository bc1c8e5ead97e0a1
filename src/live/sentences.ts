import type { TranslationBundle } from '@jupyterlab/translation';
import type { INews } from './news';

/** Say in words what happened; an empty text where all is well. */
export function sentenceOf(state: INews, trans: TranslationBundle, locale?: string): string {
  const { change, isGone, unheard, unsaved } = state;
  if (isGone) {
    return trans.__('In PostHog, this notebook is in the trash');
  }
  if (unsaved) {
    return unsaved.state === 'conflict'
      ? trans.__('Not saved: %1 saved meanwhile. Kept here', unsaved.by || trans.__('somebody'))
      : trans.__('Kept here, not in PostHog');
  }
  if (!change) {
    return unheard ? trans.__('Edits by others do not show here') : '';
  }
  const time = new Date(change.atMs).toLocaleTimeString(locale, {
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

/** Say more where the sentence in the toolbar leaves something open. */
export function detailOf(state: INews, trans: TranslationBundle): string {
  const text = sentenceOf(state, trans);
  if (!state.unheard || state.change || state.unsaved) {
    return text;
  }
  return `${text}. ${causeOf(state.unheard, trans)}`;
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
