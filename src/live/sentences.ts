import type { TranslationBundle } from '@jupyterlab/translation';
import type { INews } from './news';

/** Say in words what happened; an empty text where all is well. */
export function sentenceOf(state: INews, trans: TranslationBundle, locale?: string): string {
  const { change, isGone, unsaved } = state;
  if (isGone) {
    return trans.__('In PostHog, this notebook is in the trash');
  }
  if (unsaved) {
    return unsaved.state === 'conflict'
      ? trans.__('Not saved: %1 saved meanwhile. Kept here', unsaved.by || trans.__('somebody'))
      : trans.__('Kept here, not in PostHog');
  }
  if (!change) {
    return '';
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
