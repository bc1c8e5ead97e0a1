import { ISignal, Signal } from '@lumino/signaling';
import type { SparseRows } from './pages';
import type { INotebookRow } from './rows';

/** How a row is added to what is selected. */
export type SelectionMode = 'only' | 'toggle' | 'extend';

/**
 * Which rows are selected, and which one the keyboard is at.
 *
 * Rows move when somebody saves; what is selected are notebooks, so it moves with them.
 */
export class SelectionModel {
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted when a person goes to another row, as opposed to rows moving by themselves. */
  get moved(): ISignal<this, void> {
    return this._moved;
  }

  /** The place of the row that keys act on; -1 where there is none. */
  get active(): number {
    return this._active;
  }

  isSelected(row: INotebookRow | undefined): boolean {
    return row !== undefined && this._ids.has(row.short_id);
  }

  /** The selected rows, as they stand in the list. */
  get rows(): INotebookRow[] {
    return this._rows.filter((row): row is INotebookRow => this.isSelected(row));
  }

  /** Take the rows as they are now. */
  update(rows: SparseRows): void {
    if (rows === this._rows) {
      return;
    }
    this._rows = rows;
    const [active, anchor] = [this._placeOf(this._activeId, this._active), this._anchor];
    this._active = active;
    this._anchor = this._placeOf(this._anchorId, anchor);
    this._activeId = rows[this._active]?.short_id ?? null;
    this._anchorId = rows[this._anchor]?.short_id ?? null;
    // The row that was waited for has come.
    if (this._ids.size === 0 && this._isWaited && this._activeId) {
      this._ids = new Set([this._activeId]);
    }
    this._isWaited = this._isWaited && this._activeId === null;
    const known = new Set(rows.map(row => row?.short_id));
    this._ids = new Set([...this._ids].filter(id => known.has(id)));
    this._changed.emit();
  }

  /** Go to a row. */
  select(place: number, mode: SelectionMode): void {
    const target = Math.max(0, Math.min(place, this._rows.length - 1));
    const row = this._rows[target];
    this._active = target;
    this._activeId = row?.short_id ?? null;
    this._isWaited = row === undefined;
    if (mode === 'extend') {
      this._ids = new Set(this._between(this._anchor < 0 ? target : this._anchor, target));
    } else {
      this._anchor = target;
      this._anchorId = this._activeId;
      this._ids = mode === 'toggle' ? this._toggled(row) : new Set(row ? [row.short_id] : []);
    }
    this._changed.emit();
    this._moved.emit();
  }

  /** Go to a row without losing what is selected, where it is part of that. */
  pick(place: number): void {
    if (!this.isSelected(this._rows[place])) {
      this.select(place, 'only');
    } else {
      this._active = place;
      this._activeId = this._rows[place]?.short_id ?? null;
      this._changed.emit();
    }
  }

  /** Select every row that is known. */
  selectAll(): void {
    this._ids = new Set(this._between(0, this._rows.length - 1));
    this._changed.emit();
  }

  /** Select nothing; the keyboard stays where it is. */
  clear(): void {
    this._ids = new Set();
    this._changed.emit();
  }

  /** Begin with other rows, of another question. */
  reset(): void {
    this._active = this._anchor = -1;
    this._activeId = this._anchorId = null;
    this._isWaited = false;
    this.clear();
  }

  private _toggled(row: INotebookRow | undefined): Set<string> {
    const ids = new Set(this._ids);
    if (row && !ids.delete(row.short_id)) {
      ids.add(row.short_id);
    }
    return ids;
  }

  private _between(one: number, other: number): string[] {
    const rows = this._rows.slice(Math.min(one, other), Math.max(one, other) + 1);
    return rows.flatMap(row => (row ? [row.short_id] : []));
  }

  private _placeOf(id: string | null, before: number): number {
    const last = this._rows.length - 1;
    if (id === null || this._rows[before]?.short_id === id) {
      return Math.min(before, last);
    }
    const found = this._rows.findIndex(row => row?.short_id === id);
    return found < 0 ? Math.min(before, last) : found;
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _moved = new Signal<this, void>(this);
  private _rows: SparseRows = [];
  private _ids: ReadonlySet<string> = new Set();
  private _active = -1;
  private _anchor = -1;
  private _activeId: string | null = null;
  private _anchorId: string | null = null;
  private _isWaited = false;
}
