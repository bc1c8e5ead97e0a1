import type { TranslationBundle } from '@jupyterlab/translation';
import type { ICellDifference } from './desk';

/** What somebody did to a notebook, as PostHog notes it. */
export interface IDeed {
  activity: string;
  by: string;
  title: { before: unknown; after: unknown } | null;
  /** What is known of a changed document. */
  has_content: boolean;
}

/** Say what somebody did. */
export function deed(
  { activity, by, title, has_content }: IDeed,
  trans: TranslationBundle
): string {
  const who = by || trans.__('Somebody');
  switch (activity) {
    case 'created':
      return trans.__('%1 created the notebook', who);
    case 'deleted':
      return trans.__('%1 moved it to the trash', who);
    case 'restored':
      return trans.__('%1 took it out of the trash', who);
    case 'save_rejected_conflict':
    case 'save_rejected_stale':
      return trans.__('A save by %1 was refused, because somebody had saved before', who);
    case 'updated':
      return title && !has_content
        ? trans.__('%1 renamed it from “%2” to “%3”', who, shown(title.before), shown(title.after))
        : trans.__('%1 edited it', who);
    default:
      return trans.__('%1: %2', who, activity);
  }
}

/** Say how a cell differs from how it was. */
export function differenceTitle(
  { kind, cell_type }: ICellDifference,
  trans: TranslationBundle
): string {
  const what = cellKind(cell_type, trans);
  switch (kind) {
    case 'added':
      return trans.__('Added since: %1', what);
    case 'removed':
      return trans.__('Removed since: %1', what);
    default:
      return trans.__('Edited since: %1', what);
  }
}

function cellKind(type: string, trans: TranslationBundle): string {
  switch (type) {
    case 'code':
      return trans.__('code cell');
    case 'markdown':
      return trans.__('text');
    default:
      return trans.__('embed');
  }
}

function shown(title: unknown): string {
  return typeof title === 'string' ? title : '';
}
