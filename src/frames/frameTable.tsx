import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { cellText } from './frameData';
import { PAGE_ROWS } from './frameRows';
import type { ShownRows } from './shownRows';

interface IFrameTableProps {
  shown: ShownRows;
  label: string;
  trans: TranslationBundle;
}

/** A frame as a plain table, for screen readers, and where there is no grid. */
export class FrameTable extends ReactWidget {
  constructor(props: IFrameTableProps) {
    super();
    this._props = props;
    this.addClass('jp-PosthogFrame-table');
  }

  render(): JSX.Element {
    const { shown } = this._props;
    return <UseSignal signal={shown.changed}>{() => <Table {...this._props} />}</UseSignal>;
  }

  private readonly _props: IFrameTableProps;
}

function Table({ shown, label, trans }: IFrameTableProps): JSX.Element {
  const [wanted, setWanted] = React.useState(shown.rows.frame.rows.length || PAGE_ROWS);
  const { columns, types } = shown.rows.frame;
  const last = Math.min(wanted, shown.count);
  const rows = Array.from({ length: last }, (_, index) => index);
  React.useEffect(() => shown.look(0, last - 1), [shown, last]);
  return (
    <div className="jp-PosthogFrame-scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{trans.__('Row')}</th>
            {columns.map((column, index) => (
              <th key={index} scope="col" aria-sort={sortOf(shown, index)}>
                {column}
                {types[index] && <span className="jp-PosthogFrame-type"> {types[index]}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(index => {
            const row = shown.row(index);
            return (
              row && (
                <tr key={shown.placeOf(index)}>
                  <th scope="row">{shown.placeOf(index) + 1}</th>
                  {columns.map((_, column) => (
                    <td key={column}>{cellText(row[column])}</td>
                  ))}
                </tr>
              )
            );
          })}
        </tbody>
      </table>
      {last < shown.count && (
        <button type="button" onClick={() => setWanted(wanted + PAGE_ROWS)}>
          {trans.__('More rows')}
        </button>
      )}
    </div>
  );
}

function sortOf(shown: ShownRows, column: number): 'ascending' | 'descending' | undefined {
  const { order } = shown;
  return order?.column !== column ? undefined : order.isDescending ? 'descending' : 'ascending';
}
