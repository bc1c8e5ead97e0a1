import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type { Row } from './frameData';
import type { FrameRows } from './frameRows';
import { Order, sortedPlaces } from './order';

/** The rows of a frame as they are shown: in its own order, or the rows that are here in another one. */
export class ShownRows implements IDisposable {
  constructor(rows: FrameRows) {
    this.rows = rows;
    rows.changed.connect(this._follow, this);
  }

  readonly rows: FrameRows;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this.rows.isDisposed;
  }

  dispose(): void {
    this.rows.dispose();
    Signal.clearData(this);
  }

  get order(): Order {
    return this._order;
  }

  /** Sort what is here; null for the frame's own order. */
  sort(order: Order): void {
    this._order = order;
    this._follow();
  }

  get count(): number {
    return this._places ? this._places.length : this.rows.count;
  }

  /** The place in the frame of a row that is shown. */
  placeOf(shown: number): number {
    return this._places ? (this._places[shown] ?? 0) : shown;
  }

  /** One row; undefined while it is not here. */
  row(shown: number): Row | undefined {
    return this.rows.row(this.placeOf(shown));
  }

  /** Somebody looks at these rows; those that are sorted are all here. */
  look(first: number, last: number): void {
    if (!this._places) {
      this.rows.look(first, last);
    }
  }

  private _follow(): void {
    this._places = this._order
      ? sortedPlaces(this.rows.loadedPlaces, place => this.rows.row(place), this._order)
      : null;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _order: Order = null;
  private _places: number[] | null = null;
}
