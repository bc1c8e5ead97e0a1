import { DataModel } from '@lumino/datagrid';
import { cellText } from './frameData';
import type { ShownRows } from './shownRows';

/** What stands in the place of a row that is not here yet. */
export const WAITING = '…';
const UP = ' ▲';
const DOWN = ' ▼';

/** The rows of a frame as Lumino's grid asks for them: two lines of header, the number of each row before it. */
export class GridModel extends DataModel {
  /**
   * @param onMissing - hears that a row was to be drawn that is not here
   */
  constructor(shown: ShownRows, onMissing: () => void) {
    super();
    this._shown = shown;
    this._onMissing = onMissing;
    this._count = shown.count;
    this._order = shown.order;
    shown.changed.connect(this._follow, this);
  }

  rowCount(region: DataModel.RowRegion): number {
    return region === 'body' ? this._count : 2;
  }

  columnCount(region: DataModel.ColumnRegion): number {
    return region === 'body' ? this._shown.rows.frame.columns.length : 1;
  }

  data(region: DataModel.CellRegion, row: number, column: number): string {
    const { columns, types } = this._shown.rows.frame;
    if (region === 'column-header') {
      return row === 0 ? `${columns[column] ?? ''}${this._sign(column)}` : (types[column] ?? '');
    }
    if (region === 'row-header') {
      return String(this._shown.placeOf(row) + 1);
    }
    if (region !== 'body') {
      return '';
    }
    const values = this._shown.row(row);
    if (!values) {
      this._onMissing();
      return WAITING;
    }
    return cellText(values[column]);
  }

  private _sign(column: number): string {
    const { order } = this._shown;
    return order?.column !== column ? '' : order.isDescending ? DOWN : UP;
  }

  private _follow(): void {
    const { count, order } = this._shown;
    const before = this._count;
    const isSameOrder = order === this._order;
    this._count = count;
    this._order = order;
    if (!isSameOrder) {
      this.emitChanged({ type: 'model-reset' });
    } else if (count > before) {
      const span = count - before;
      this.emitChanged({ type: 'rows-inserted', region: 'body', index: before, span });
    } else if (count < before) {
      const span = before - count;
      this.emitChanged({ type: 'rows-removed', region: 'body', index: count, span });
    }
    this.emitChanged({
      type: 'cells-changed',
      region: 'body',
      row: 0,
      column: 0,
      rowSpan: count,
      columnSpan: this.columnCount('body')
    });
  }

  private readonly _shown: ShownRows;
  private readonly _onMissing: () => void;
  private _count: number;
  private _order: ShownRows['order'];
}
