import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { sentence } from '../common/messages';
import type { ShownRows } from './shownRows';

/** A list of more columns is of no use to anybody. */
const MOST_OFFERED = 200;

/** What the line below a frame needs. */
export interface IFrameFootProps {
  shown: ShownRows;
  isTable: boolean;
  /** Null where there is no grid to change to. */
  onView: (() => void) | null;
  onCopy: () => void;
  /** What has just happened, or what is under the cursor, for screen readers. */
  news: string;
  trans: TranslationBundle;
}

/** How much of a frame is here, and what can be done with it. */
export function FrameFoot(props: IFrameFootProps): JSX.Element {
  const { shown, isTable, onView, onCopy, news, trans } = props;
  const { rows, order } = shown;
  return (
    <div className="jp-PosthogFrame-foot" data-lm-suppress-shortcuts="true">
      <span>{countOf(shown, trans)}</span>
      {rows.frame.note && <span>{rows.frame.note}</span>}
      {order && (
        <span>
          {trans._n(
            'sorted among the %1 row that is loaded',
            'sorted among the %1 rows that are loaded',
            rows.loadedCount
          )}
        </span>
      )}
      {rows.phase === 'loading' && <span>{trans.__('loading…')}</span>}
      {rows.frame.columns.length <= MOST_OFFERED && <SortChoice {...props} />}
      <button type="button" onClick={onCopy}>
        {trans.__('Copy loaded rows')}
      </button>
      {onView && (
        <button type="button" aria-pressed={isTable} onClick={onView}>
          {trans.__('As table')}
        </button>
      )}
      <span className="jp-PosthogFrame-news" role="status">
        {news}
      </span>
      {rows.error !== null && (
        <p role="alert">
          {rows.phase === 'stale'
            ? trans.__('%1 The rows that are here stay.', sentence(trans, rows.error))
            : sentence(trans, rows.error)}{' '}
          {rows.phase === 'failed' && (
            <button type="button" onClick={() => void rows.retry()}>
              {trans.__('Try again')}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** By which column the rows that are here are sorted; a press on a column's head does the same. */
function SortChoice({ shown, trans }: IFrameFootProps): JSX.Element {
  const { rows, order } = shown;
  return (
    <label>
      {trans.__('Sort')}{' '}
      <select
        value={order ? `${order.column} ${order.isDescending ? 'down' : 'up'}` : ''}
        onChange={event => {
          const [column, way] = event.target.value.split(' ');
          shown.sort(column ? { column: Number(column), isDescending: way === 'down' } : null);
        }}
      >
        <option value="">{trans.__('as it is')}</option>
        {rows.frame.columns.flatMap((column, index) => [
          <option key={`${index} up`} value={`${index} up`}>
            {trans.__('%1, smallest first', column)}
          </option>,
          <option key={`${index} down`} value={`${index} down`}>
            {trans.__('%1, largest first', column)}
          </option>
        ])}
      </select>
    </label>
  );
}

/** How many rows are here, of how many, and how many columns. */
export function countOf({ rows }: ShownRows, trans: TranslationBundle): string {
  const { frame, loadedCount, total } = rows;
  const columns = trans._n('%1 column', '%1 columns', frame.columns.length);
  if (total === null) {
    return trans.__('%1 rows, and more · %2', loadedCount.toLocaleString(), columns);
  }
  if (total === loadedCount) {
    // The count stands in the sentence by itself: _n would write it without its commas.
    return total === 1
      ? trans.__('1 row · %1', columns)
      : trans.__('%1 rows · %2', total.toLocaleString(), columns);
  }
  return trans.__(
    '%1 of %2 rows · %3',
    loadedCount.toLocaleString(),
    total.toLocaleString(),
    columns
  );
}
