import { Clipboard } from '@jupyterlab/apputils';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { ISignal } from '@lumino/signaling';
import { Panel, Widget } from '@lumino/widgets';
import * as React from 'react';
import { copyRange, IRange } from './copying';
import { cellText, FRAME_MIME_TYPE, IFrame, readFrame } from './frameData';
import { countOf, FrameFoot } from './frameFoot';
import type { FrameGrid } from './frameGrid';
import type { IFramePages } from './framePages';
import { FrameRows } from './frameRows';
import { FrameTable } from './frameTable';
import { ShownRows } from './shownRows';

/** How long a place is looked at before its rows are asked for. */
const LOOKING_MS = 120;

/** What a renderer of frames needs of the page. */
export interface IFrameRendererOptions {
  /** The way to more rows of a frame, by where its output stands; null where there is none. */
  pagesOf: (frame: IFrame) => IFramePages | null;
  /** Whether frames begin as a plain table. */
  prefersTable: () => boolean;
  themeChanged: ISignal<unknown, unknown> | null;
  trans: TranslationBundle;
}

/** Shows the first rows of a frame at once, and more of them as somebody scrolls. */
export class FrameRenderer extends Panel implements IRenderMime.IRenderer {
  constructor(options: IFrameRendererOptions) {
    super();
    this._options = options;
    this.addClass('jp-PosthogFrame');
    options.themeChanged?.connect(this._restyle, this);
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._options.themeChanged?.disconnect(this._restyle, this);
    this._shown?.dispose();
    super.dispose();
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._clear();
    const frame = readFrame(model.data[FRAME_MIME_TYPE]);
    if (!frame) {
      this._addText(model);
      return;
    }
    const pages = this._options.pagesOf(frame);
    this._shown = new ShownRows(new FrameRows(frame, { pages, delayMs: LOOKING_MS }));
    this._isTable = this._options.prefersTable();
    if (frame.name) {
      this.node.dataset.posthogFrame = frame.name; // for the context menu
    }
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', this._label(this._shown));
    await this._draw(this._shown);
  }

  private async _draw(shown: ShownRows): Promise<void> {
    const { trans } = this._options;
    const label = this._label(shown);
    const grid = this._isTable ? null : await this._gridOf(shown, label);
    if (this.isDisposed || this._shown !== shown) {
      grid?.dispose();
      return;
    }
    this._body?.dispose();
    this._grid = grid;
    this._isTable = grid === null;
    this._body = grid ?? new FrameTable({ shown, label, trans });
    this.insertWidget(0, this._body);
    if (!this._foot) {
      this._foot = new DrawnWidget(shown.changed, () => this._drawFoot(shown));
      this.addWidget(this._foot);
    }
    this._foot.update();
  }

  /** Lab has the grid's library already; where a page has it not, a table shows the same. */
  private async _gridOf(shown: ShownRows, label: string): Promise<FrameGrid | null> {
    try {
      const { FrameGrid: Grid } = await import('./frameGrid');
      return new Grid(shown, {
        label,
        copy: (range, withHeader) => this._copy(shown, range, withHeader),
        moved: (row, column) => this._tellCursor(shown, row, column)
      });
    } catch (error) {
      console.debug('There is no grid for frames here', error);
      this._hasGrid = false;
      return null;
    }
  }

  private _drawFoot(shown: ShownRows): JSX.Element {
    const { columns } = shown.rows.frame;
    return (
      <FrameFoot
        shown={shown}
        isTable={this._isTable}
        onView={this._hasGrid ? () => this._toggleView(shown) : null}
        onCopy={() => {
          const range = {
            firstRow: 0,
            lastRow: shown.count - 1,
            firstColumn: 0,
            lastColumn: columns.length - 1
          };
          this._copy(shown, range, true);
        }}
        news={this._news}
        trans={this._options.trans}
      />
    );
  }

  private _toggleView(shown: ShownRows): void {
    this._isTable = !this._isTable;
    void this._draw(shown);
  }

  private _copy(shown: ShownRows, range: IRange, withHeader: boolean): void {
    const { trans } = this._options;
    const { columns } = shown.rows.frame;
    const { text, missing } = copyRange(range, columns, row => shown.row(row), withHeader);
    Clipboard.copyToSystem(text);
    const rows = range.lastRow - range.firstRow + 1 - missing;
    const copied = trans._n('%1 row copied', '%1 rows copied', rows);
    this._tell(
      missing > 0
        ? trans.__('%1; %2 are not loaded, so they were left out', copied, missing.toLocaleString())
        : copied
    );
  }

  private _tellCursor(shown: ShownRows, row: number, column: number): void {
    const values = row >= 0 ? shown.row(row) : undefined;
    const name = shown.rows.frame.columns[column];
    if (values && name !== undefined) {
      const place = (shown.placeOf(row) + 1).toLocaleString();
      const value = cellText(values[column]) || this._options.trans.__('empty');
      this._tell(this._options.trans.__('row %1, %2: %3', place, name, value));
    }
  }

  private _tell(news: string): void {
    this._news = news;
    this._foot?.update();
  }

  private _label(shown: ShownRows): string {
    const { name } = shown.rows.frame;
    const count = countOf(shown, this._options.trans);
    return name
      ? this._options.trans.__('Frame %1: %2', name, count)
      : this._options.trans.__('Frame: %1', count);
  }

  private _restyle(): void {
    this._grid?.restyle();
  }

  /** What claims to be a frame and is none is shown as the text beside it. */
  private _addText(model: IRenderMime.IMimeModel): void {
    const text = new Widget({ node: document.createElement('pre') });
    text.node.textContent = String(model.data['text/plain'] ?? '');
    this.addWidget(text);
  }

  private _clear(): void {
    this._shown?.dispose();
    this._shown = null;
    this._grid = null;
    this._body = null;
    this._foot = null;
    [...this.widgets].forEach(widget => widget.dispose());
  }

  private readonly _options: IFrameRendererOptions;
  private _shown: ShownRows | null = null;
  private _body: Widget | null = null;
  private _grid: FrameGrid | null = null;
  private _foot: ReactWidget | null = null;
  private _isTable = false;
  private _hasGrid = true;
  private _news = '';
}

/** What is drawn anew when a signal says so, and when somebody asks for it. */
class DrawnWidget extends ReactWidget {
  constructor(signal: ISignal<unknown, unknown>, draw: () => JSX.Element) {
    super();
    this._signal = signal;
    this._draw = draw;
  }

  render(): JSX.Element {
    return <UseSignal signal={this._signal}>{() => this._draw()}</UseSignal>;
  }

  private readonly _signal: ISignal<unknown, unknown>;
  private readonly _draw: () => JSX.Element;
}
