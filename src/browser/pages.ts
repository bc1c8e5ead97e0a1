import type { INotebookRow } from './rows';

/** One page of PostHog's list (posthog-api.md 5). */
export interface IListPage {
  count: number;
  results: INotebookRow[];
}

/** Rows of a list by their place in it; a place whose page was not fetched yet is empty. */
export type SparseRows = readonly (INotebookRow | undefined)[];

/**
 * The pages of one list, fetched in whatever order a person looks at them.
 *
 * What was fetched stays shown while it is asked for again; rows that came back the same stay the same objects, so
 * that nothing is drawn anew for them.
 */
export class ListPages {
  constructor(readonly pageSize: number) {}

  get rows(): SparseRows {
    return this._rows;
  }

  /** How many notebooks there are, on pages that were not fetched too; null before the first answer. */
  get count(): number | null {
    return this._isKnown ? this._rows.length : null;
  }

  /** The pages that have to be fetched before these places show the truth. */
  missing(first: number, last: number): number[] {
    const end = this._isKnown ? Math.max(0, this._rows.length - 1) : last;
    const found: number[] = [];
    const lastPage = Math.floor(Math.min(last, end) / this.pageSize);
    for (let page = Math.floor(Math.max(0, first) / this.pageSize); page <= lastPage; page++) {
      if (!this._fresh.has(page)) {
        found.push(page);
      }
    }
    return found;
  }

  /** Take one page in; answers whether that changes what is shown. */
  accept(page: number, { count, results }: IListPage): boolean {
    const start = page * this.pageSize;
    // Not `length = count`: what iterates over an array passes over places that were never set.
    const rows = Array.from({ length: count }, (_, place) => this._rows[place]);
    let isChanged = !this._isKnown || count !== this._rows.length;
    results.slice(0, Math.max(0, count - start)).forEach((row, place) => {
      const before = rows[start + place];
      if (JSON.stringify(before) !== JSON.stringify(row)) {
        rows[start + place] = row;
        isChanged = true;
      }
    });
    this._fresh.add(page);
    this._isKnown = true;
    this._rows = isChanged ? rows : this._rows;
    return isChanged;
  }

  /** Ask for every page again the next time that somebody looks at it. */
  expire(): void {
    this._fresh.clear();
  }

  /** Put another row in the place of one; on top where it was changed and the newest stand there. */
  replace(shortId: string, row: INotebookRow, isToTop: boolean): void {
    const place = this.placeOf(shortId);
    if (place >= 0) {
      const rows = this._rows.slice();
      rows.splice(place, 1);
      rows.splice(isToTop ? 0 : place, 0, row);
      this._rows = rows;
    }
  }

  /** Take a notebook out of the list. */
  remove(shortId: string): void {
    const place = this.placeOf(shortId);
    if (place >= 0) {
      this._rows = this._rows.filter((_, other) => other !== place);
      // What stood on the next page moved up by one.
      this._fresh.clear();
    }
  }

  /** Return where a notebook stands; -1 where it is not known. */
  placeOf(shortId: string): number {
    return this._rows.findIndex(row => row?.short_id === shortId);
  }

  private _rows: (INotebookRow | undefined)[] = [];
  private _isKnown = false;
  /** Pages that need not be asked for. */
  private readonly _fresh = new Set<number>();
}
