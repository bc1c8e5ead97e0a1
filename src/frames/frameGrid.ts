import {
  BasicKeyHandler,
  BasicMouseHandler,
  BasicSelectionModel,
  DataGrid
} from '@lumino/datagrid';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';
import type { IRange } from './copying';
import { gridLook } from './gridLook';
import { GridModel } from './gridModel';
import { nextOrder } from './order';
import type { ShownRows } from './shownRows';

const ROW_HEIGHT = 22;
const MOST_SHOWN_ROWS = 14;
const NARROWEST = 60;
const WIDEST = 320;
const PADDING = 24;
const SCROLL_BAR = 18;
/** How near to the edge of a column's head a press changes its width. */
const EDGE = 6;
const MEASURED_ROWS = 50;

/** What a grid tells the frame around it. */
export interface IFrameGridOptions {
  /** What it is, for screen readers. */
  label: string;
  copy: (range: IRange, withHeader: boolean) => void;
  /** The cell under the cursor changed: by the row and column that are shown. */
  moved: (row: number, column: number) => void;
}

/** A frame on Lumino's grid; only what is seen is drawn, and only what is looked at is asked for. */
export class FrameGrid extends Panel {
  constructor(shown: ShownRows, options: IFrameGridOptions) {
    super();
    this._shown = shown;
    this._options = options;
    this.addClass('jp-PosthogFrame-grid');
    const model = new GridModel(shown, () => this._look());
    const selection = new BasicSelectionModel({ dataModel: model });
    const sizes = {
      rowHeight: ROW_HEIGHT,
      columnWidth: 120,
      rowHeaderWidth: 64,
      columnHeaderHeight: ROW_HEIGHT
    };
    this._grid = new DataGrid({ defaultSizes: sizes, stretchLastColumn: true });
    this._grid.dataModel = model;
    this._grid.selectionModel = selection;
    this._grid.keyHandler = new BasicKeyHandler();
    this._grid.mouseHandler = new SortingMouse(shown);
    selection.changed.connect(() => options.moved(selection.cursorRow, selection.cursorColumn));
    const { node } = this._grid.viewport;
    node.tabIndex = 0;
    node.setAttribute('role', 'application');
    node.setAttribute('aria-label', options.label);
    node.dataset.lmSuppressShortcuts = 'true';
    this.addWidget(this._grid);
    // The bars of the grid are below its rows.
    const rows = Math.min(Math.max(shown.count, 1), MOST_SHOWN_ROWS) + 2;
    this.node.style.height = `${rows * ROW_HEIGHT + SCROLL_BAR}px`;
    this.node.addEventListener('keydown', this._onKeyDown, true);
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.node.removeEventListener('keydown', this._onKeyDown, true);
      super.dispose();
    }
  }

  /** Take the colours of the page's theme. */
  restyle(): void {
    if (!this.isAttached) {
      return;
    }
    const { types } = this._shown.rows.frame;
    const { style, body, header, rowHeader, font } = gridLook(this.node, types);
    this._grid.style = style;
    this._grid.cellRenderers.update({
      body,
      'column-header': header,
      'row-header': rowHeader,
      'corner-header': header
    });
    if (!this._isMeasured) {
      this._isMeasured = true;
      this._measure(font);
    }
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.restyle();
  }

  private _measure(font: string): void {
    const { frame } = this._shown.rows;
    const context = document.createElement('canvas').getContext('2d');
    if (!context) {
      return;
    }
    context.font = font;
    const model = this._grid.dataModel as GridModel;
    frame.columns.forEach((column, index) => {
      const rows = Math.min(frame.rows.length, MEASURED_ROWS);
      const texts = Array.from({ length: rows }, (_, row) => model.data('body', row, index));
      const width = Math.max(
        ...[column, frame.types[index] ?? '', ...texts].map(
          text => context.measureText(text.slice(0, 60)).width
        )
      );
      const size = Math.min(Math.max(width + PADDING, NARROWEST), WIDEST);
      this._grid.resizeColumn('body', index, Math.ceil(size));
    });
  }

  /** The rows in view are asked for once the drawing of this moment is done. */
  private _look(): void {
    if (this._isLooking) {
      return;
    }
    this._isLooking = true;
    requestAnimationFrame(() => {
      this._isLooking = false;
      const seen = this.isDisposed ? undefined : this._grid.currentViewport;
      if (seen) {
        this._shown.look(seen.firstRow, seen.lastRow);
      }
    });
  }

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    const isAccel = event.ctrlKey || event.metaKey;
    if (isAccel && event.key.toLowerCase() === 'c') {
      event.preventDefault();
      event.stopPropagation();
      const selection = this._grid.selectionModel?.currentSelection();
      if (selection) {
        const { r1, r2, c1, c2 } = selection;
        const range = {
          firstRow: Math.max(0, Math.min(r1, r2)),
          lastRow: Math.min(Math.max(r1, r2), this._shown.count - 1),
          firstColumn: Math.max(0, Math.min(c1, c2)),
          lastColumn: Math.max(c1, c2)
        };
        const isWhole = range.firstRow === 0 && range.lastRow === this._shown.count - 1;
        this._options.copy(range, isWhole);
      }
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      this.node.closest<HTMLElement>('.jp-Cell')?.focus();
    }
  };

  private readonly _shown: ShownRows;
  private readonly _options: IFrameGridOptions;
  private readonly _grid: DataGrid;
  private _isLooking = false;
  private _isMeasured = false;
}

/** Sorts by the column whose head is pressed; all else is as Lumino does it. */
class SortingMouse extends BasicMouseHandler {
  constructor(shown: ShownRows) {
    super();
    this._shown = shown;
  }

  onMouseDown(grid: DataGrid, event: MouseEvent): void {
    const { region, column, x, width } = grid.hitTest(event.clientX, event.clientY);
    const isHead = region === 'column-header' && x > EDGE && x < width - EDGE;
    if (isHead && event.button === 0 && !event.shiftKey && !event.ctrlKey) {
      this._shown.sort(nextOrder(this._shown.order, column));
      return;
    }
    super.onMouseDown(grid, event);
  }

  private readonly _shown: ShownRows;
}
