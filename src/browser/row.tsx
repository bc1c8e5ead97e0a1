import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { editorOf, INotebookRow, isViewOnly } from './rows';
import { exactTime, relativeTime } from '../common/time';
import { titleOr } from './words';

/** What one row needs; only values, so that a row that stays the same is not drawn again. */
export interface IRowProps {
  row: INotebookRow | undefined;
  place: number;
  count: number;
  id: string;
  isActive: boolean;
  isSelected: boolean;
  isOpen: boolean;
  isRunning: boolean;
  /** The minute that times are told from. */
  minute: number;
  trans: TranslationBundle;
}

/** So long a relative time holds. */
export const MINUTE_MS = 60_000;

/** One notebook: title, marks, last editor, time; grey until it was fetched. */
export const Row = React.memo(function Row(props: IRowProps): JSX.Element {
  const { row, place, trans } = props;
  const option = {
    id: props.id,
    role: 'option',
    'aria-setsize': props.count,
    'aria-posinset': place + 1,
    'aria-selected': props.isSelected,
    'data-place': place,
    'data-active': props.isActive,
    style: { top: `calc(var(--jp-posthog-row-height) * ${place})` }
  };
  if (!row) {
    return (
      <div {...option} className="jp-PosthogWaitingRow" aria-label={trans.__('Loading')}>
        <span className="jp-PosthogSkeleton-line" />
        <span className="jp-PosthogSkeleton-line" />
      </div>
    );
  }
  const title = titleOr(trans, row.title);
  return (
    <div {...option} className="jp-PosthogRow" data-short-id={row.short_id}>
      <span className="jp-PosthogRow-head">
        {props.isOpen && <Mark sign="●" words={trans.__('Open in this page')} />}
        {props.isRunning && <Mark sign="▶" words={trans.__('Its kernel in PostHog is running')} />}
        {isViewOnly(row) && <Mark sign="🔒" words={trans.__('You may only look at it')} />}
        <span className="jp-PosthogRow-title" dir="auto" title={title}>
          {title}
        </span>
      </span>
      <time
        className="jp-PosthogRow-time"
        dateTime={row.last_modified_at}
        title={exactTime(row.last_modified_at)}
      >
        {relativeTime(row.last_modified_at, props.minute * MINUTE_MS)}
      </time>
      <span className="jp-PosthogRow-author" dir="auto">
        {editorOf(row)}
      </span>
    </div>
  );
});

function Mark({ sign, words }: { sign: string; words: string }): JSX.Element {
  return (
    <span className="jp-PosthogRow-mark" title={words}>
      <span aria-hidden="true">{sign}</span>
      <span className="jp-PosthogHidden">{words}: </span>
    </span>
  );
}
