import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { INotebookRow, IPerson } from './rows';
import { exactTime, relativeTime } from '../common/time';

/** What the list needs. */
export interface INotebookListProps {
  rows: INotebookRow[];
  isStale: boolean;
  isOpen: (row: INotebookRow) => boolean;
  onOpen: (row: INotebookRow) => void;
  onEndReached: () => void;
  trans: TranslationBundle;
}

/** How near to its end the list has to be scrolled before the next page is asked for, in pixels. */
const END_PX = 200;

/** The notebooks of a project: title, last editor, time. */
export function NotebookList(props: INotebookListProps): JSX.Element {
  const onScroll = (event: React.UIEvent<HTMLUListElement>) => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
    if (scrollHeight - scrollTop - clientHeight < END_PX) {
      props.onEndReached();
    }
  };
  return (
    <ul
      className="jp-PosthogList"
      data-stale={props.isStale}
      aria-label={props.trans.__('PostHog notebooks')}
      onScroll={onScroll}
      onKeyDown={moveFocus}
    >
      {props.rows.map(row => (
        <li key={row.short_id}>
          <Row {...props} row={row} />
        </li>
      ))}
    </ul>
  );
}

function Row({
  row,
  isOpen,
  onOpen,
  trans
}: INotebookListProps & { row: INotebookRow }): JSX.Element {
  const title = row.title || trans.__('Untitled');
  const isShown = isOpen(row);
  return (
    <button
      type="button"
      className="jp-PosthogRow"
      title={title}
      data-short-id={row.short_id}
      onClick={() => onOpen(row)}
    >
      <span className="jp-PosthogRow-title">
        {isShown && (
          <span className="jp-PosthogRow-open" title={trans.__('Open in this page')}>
            <span aria-hidden="true">●</span>
            <span className="jp-PosthogHidden">{trans.__('Open: ')}</span>
          </span>
        )}
        {title}
      </span>
      <time
        className="jp-PosthogRow-time"
        dateTime={row.last_modified_at}
        title={exactTime(row.last_modified_at)}
      >
        {relativeTime(row.last_modified_at, Date.now())}
      </time>
      <span className="jp-PosthogRow-author">{nameOf(row.last_modified_by ?? row.created_by)}</span>
    </button>
  );
}

function nameOf(person: IPerson | null): string {
  return [person?.first_name, person?.last_name].filter(Boolean).join(' ') || person?.email || '';
}

/** Move from row to row with the arrow keys. */
function moveFocus(event: React.KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') {
    return;
  }
  const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button')];
  const index = rows.findIndex(row => row === document.activeElement);
  const next = rows[index + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
