import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { PosthogRequestError } from '../common/request';
import type { IFrame, Row } from './frameData';
import type { IFramePages } from './framePages';

/** Rows that are asked for at a time; the server gives at most 500. */
export const PAGE_ROWS = 100;
const MOST_ROWS = 500;
/** Reasons that another question would not change: the rows that are here stay as they are. */
const ENDED = new Set(['frame_stale', 'frame_not_read', 'notebook_gone', 'endpoint_missing']);

/** How a frame is read. */
export type RowsPhase = 'ready' | 'loading' | 'failed' | 'stale';

/** The rows of one frame: those of the output, and those that were asked for since. */
export class FrameRows implements IDisposable {
  /**
   * @param pages - gives more rows; null where there are none but the output's
   * @param delayMs - how long a place has to be looked at before its rows are asked for
   */
  constructor(frame: IFrame, options: { pages: IFramePages | null; delayMs: number }) {
    this.frame = frame;
    this._pages = options.pages;
    frame.rows.forEach((row, index) => this._rows.set(index, row));
    // One more than is known, so that there is an end to look at, and to ask behind.
    this._count = frame.rowCount ?? frame.rows.length + 1;
    this._asking = new Debouncer(() => this._read(), options.delayMs);
  }

  readonly frame: IFrame;

  /** Emitted when rows have come, or when the way to them has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** How many rows there are to scroll through. */
  get count(): number {
    return this._pages ? this._count : this.frame.rows.length;
  }

  /** How many rows the whole frame has; null where that is not known. */
  get total(): number | null {
    return this._isCountKnown ? this._count : this.frame.rowCount;
  }

  /** How many rows are here. */
  get loadedCount(): number {
    return this._rows.size;
  }

  /** The places of the rows that are here, in their order. */
  get loadedPlaces(): number[] {
    return [...this._rows.keys()].sort((left, right) => left - right);
  }

  get phase(): RowsPhase {
    return this._phase;
  }

  /** Why rows are missing; null where nothing is wrong. */
  get error(): unknown {
    return this._error;
  }

  get isDisposed(): boolean {
    return this._asking.isDisposed;
  }

  dispose(): void {
    this._asking.dispose();
    Signal.clearData(this);
  }

  /** One row; undefined while it is not here. */
  row(place: number): Row | undefined {
    return this._rows.get(place);
  }

  /** Somebody looks at these rows, the last one included: ask for those that are not here. */
  look(first: number, last: number): void {
    this._wanted = [first, last];
    if (this._pages && this._phase !== 'stale' && this._missing() && !this.isDisposed) {
      // Its end by disposing is no failure.
      void this._asking.invoke().catch(() => undefined);
    }
  }

  /** Ask again for what did not come. */
  async retry(): Promise<void> {
    this._error = null;
    await this._read();
  }

  private async _read(): Promise<void> {
    const missing = this._missing();
    if (!this._pages || !missing || this._isReading || this.isDisposed) {
      return;
    }
    this._isReading = true;
    this._set('loading', null);
    const { offset, limit } = missing;
    try {
      const page = await this._pages.read(offset, limit);
      this._accept(page.columns, page.rows, page.row_count, { offset, limit });
    } catch (error) {
      const reason = error instanceof PosthogRequestError ? error.reason : '';
      this._set(ENDED.has(reason) ? 'stale' : 'failed', error);
    } finally {
      this._isReading = false;
    }
    // Whoever has scrolled on meanwhile is served at once.
    if (this._phase === 'ready' && this._missing()) {
      await this._read();
    }
  }

  private _accept(
    columns: readonly string[],
    rows: readonly Row[],
    rowCount: number,
    { offset, limit }: { offset: number; limit: number }
  ): void {
    if (this.isDisposed) {
      return;
    }
    if (columns.join('\n') !== this.frame.columns.join('\n')) {
      // Another frame has this name now; its rows do not belong below these columns.
      const facts = { name: this.frame.name };
      this._set(
        'stale',
        new PosthogRequestError({ message: '', reason: 'frame_stale', facts, status: 409 })
      );
      return;
    }
    rows.forEach((row, index) => this._rows.set(offset + index, row));
    const end = offset + rows.length;
    if (rows.length < limit) {
      this._count = end; // here the frame ends, whatever was said before
      this._isCountKnown = true;
    } else {
      this._count = Math.max(rowCount, end, this._count);
    }
    this._set('ready', null);
  }

  /** The first gap in what is looked at, as a page. */
  private _missing(): { offset: number; limit: number } | null {
    let first = this._wanted[0];
    const to = Math.min(this._wanted[1], this.count - 1);
    while (first <= to && this._rows.has(first)) {
      first += 1;
    }
    if (first > to) {
      return null;
    }
    let last = to;
    while (last > first && this._rows.has(last)) {
      last -= 1;
    }
    let offset = Math.floor(first / PAGE_ROWS) * PAGE_ROWS;
    const end = Math.min(Math.ceil((last + 1) / PAGE_ROWS) * PAGE_ROWS, offset + MOST_ROWS);
    while (this._rows.has(offset)) {
      offset += 1;
    }
    const isEndKnown = this.total !== null;
    return { offset, limit: (isEndKnown ? Math.min(end, this._count) : end) - offset };
  }

  private _set(phase: RowsPhase, error: unknown): void {
    if (!this.isDisposed) {
      this._phase = phase;
      this._error = error;
      this._changed.emit();
    }
  }

  private readonly _pages: IFramePages | null;
  private readonly _rows = new Map<number, Row>();
  private readonly _asking: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
  private _count: number;
  private _isCountKnown = false;
  private _wanted: [number, number] = [0, -1];
  private _isReading = false;
  private _phase: RowsPhase = 'ready';
  private _error: unknown = null;
}
