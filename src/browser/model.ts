import { Debouncer } from '@lumino/polling';
import type { INotebookAddress } from '../common/paths';
import { asRefusal, PosthogRequestError } from '../common/request';
import { StateModel } from '../common/stateModel';
import { IFilters, isNewestFirst } from './filters';
import type { IListDesk } from './listDesk';
import { ListReader } from './listReader';
import { firstPlace, IPlace, IPlaceDesk, isSamePlace } from './places';
import type { INotebookRow } from './rows';
import { IBrowserState, isAway, NOTHING } from './state';

/** Keeps the list of a project's notebooks and tells when it changes. */
export class BrowserModel extends StateModel<IBrowserState> {
  constructor(options: {
    list: IListDesk;
    places: IPlaceDesk;
    pageSize: number;
    searchDelayMs: number;
    now?: () => number;
  }) {
    super(NOTHING);
    const now = options.now ?? Date.now;
    this._places = options.places;
    this._now = now;
    this._reader = new ListReader({
      desk: options.list,
      pageSize: options.pageSize,
      now,
      listener: {
        asked: () => this.set({ isLoading: true }),
        answered: () => this._showPages({ error: null, awaySinceMs: null, updatedAtMs: now() }),
        refused: (place, error) => this._refused(place, error)
      }
    });
    this._searching = new Debouncer(() => this._ask(), options.searchDelayMs);
  }

  dispose(): void {
    this._searching.dispose();
    super.dispose();
  }

  /** How many rows are asked for at once. */
  set pageSize(size: number) {
    if (size !== this._reader.pageSize) {
      this._reader.pageSize = size;
      void (this.state.place && this._ask());
    }
  }

  /** Show a place at once; null where none is remembered, to find one. */
  async start(place: IPlace | null, order: Partial<IFilters> = {}): Promise<void> {
    this.set({ place, filters: { ...this.state.filters, ...order } });
    await this.refresh();
  }

  /** Show another place; nothing of the old one is shown from now on. */
  async goTo(place: IPlace): Promise<void> {
    if (!isSamePlace(place, this.state.place)) {
      this._leave({ place });
      await this._ask();
    }
  }

  /** Ask again whether the place is there, and for what is looked at. */
  async refresh(): Promise<void> {
    if (this.state.place) {
      await Promise.all([this._check(), this.revisit()]);
    } else {
      await this._find();
    }
  }

  /** Ask again for what is looked at, and nothing else. */
  async revisit(): Promise<void> {
    const { place, filters } = this.state;
    if (place) {
      await this._reader.readView(place, filters);
    }
  }

  /** Take note of which rows are looked at, and fetch what of them is missing. */
  async show(first: number, last: number): Promise<void> {
    const { place, filters } = this.state;
    if (place) {
      await this._reader.show(place, filters, first, last);
    }
  }

  /** Search on the server, a moment after the last key. */
  search(words: string): void {
    this.set({ filters: { ...this.state.filters, search: words } });
    void this._searching.invoke().catch(() => undefined);
  }

  /** Show other notebooks, or in another order. */
  async filter(change: Partial<IFilters>): Promise<void> {
    this.set({ filters: { ...this.state.filters, ...change } });
    await this._ask();
  }

  /** Show the same again: what is open, or runs, has changed. */
  showMarks = (): void => this.set({});

  /** Show that somebody saved a notebook, if it is listed: where the newest stand on top, it moves there. */
  showChange(change: { address: INotebookAddress; by: string; at: string }): void {
    const { shortId } = change.address;
    const row = this._rowOf(change.address);
    if (row) {
      const editor = change.by ? { first_name: change.by } : row.last_modified_by;
      const changed = { ...row, last_modified_at: change.at, last_modified_by: editor };
      this._reader.pages.replace(shortId, changed, isNewestFirst(this.state.filters));
      this._showPages({ lastChange: { title: row.title ?? '', by: change.by } });
    }
  }

  /** Show another title of a listed notebook. */
  showTitle(address: INotebookAddress, title: string): void {
    const row = this._rowOf(address);
    if (row) {
      this._reader.pages.replace(address.shortId, { ...row, title }, false);
      this._showPages();
    }
  }

  /** Show that a notebook is in the trash now. */
  showRemoval(address: INotebookAddress): void {
    if (this._rowOf(address)) {
      this._reader.pages.remove(address.shortId);
      this._showPages();
    }
  }

  /** Show that PostHog wants a pause; what is listed stays. */
  showPause(pause: { host: string; projectId: number | null; waitS: number }): void {
    const { place } = this.state;
    const isOurs =
      place?.connection.host === pause.host &&
      (pause.projectId === null || pause.projectId === place.project.id);
    if (isOurs) {
      const facts = { wait_s: Math.ceil(pause.waitS) };
      const reason = 'rate_limited';
      this.set({ error: new PosthogRequestError({ message: '', reason, facts, status: 429 }) });
    }
  }

  private async _find(): Promise<void> {
    const question = this._reader.begin();
    this.set({ isLoading: true });
    try {
      const place = await firstPlace(this._places);
      if (question === this._reader.question) {
        this.set({ place });
        await this._ask();
      }
    } catch (error) {
      if (question === this._reader.question) {
        this._fail(error);
      }
    }
  }

  /** Find out whether the connection that is shown is still there; its host may have changed too. */
  private async _check(): Promise<void> {
    const { place } = this.state;
    const found = await this._places.connections().catch(() => null);
    if (!found || !place || !isSamePlace(place, this.state.place)) {
      return;
    }
    const connection = found.connections.find(other => other.name === place.connection.name);
    if (!connection) {
      await this._fallBack(place);
    } else if (connection.host !== place.connection.host) {
      this.set({ place: { ...place, connection } });
    }
  }

  private async _fallBack(place: IPlace): Promise<void> {
    this._leave({ place: null, lostConnection: place.connection.name });
    await this._find();
  }

  /** Forget everything about the place that was shown. */
  private _leave(change: Partial<IBrowserState>): void {
    const question = this._reader.begin();
    const { filters } = this.state;
    // People belong to an organization; the other filters mean the same everywhere.
    this.set({ ...NOTHING, filters: { ...filters, author: null }, question, ...change });
  }

  /** Ask anew, from the top. */
  private async _ask(): Promise<void> {
    this.set({ question: this._reader.begin(), lastChange: null });
    await this.revisit();
  }

  private async _refused(place: IPlace, error: unknown): Promise<void> {
    if (asRefusal(error).reason === 'unknown_connection') {
      await this._fallBack(place);
    } else {
      this._fail(error);
    }
  }

  private _fail(error: unknown): void {
    const refusal = asRefusal(error);
    const since = isAway(refusal) ? (this.state.awaySinceMs ?? this._now()) : null;
    this.set({ isLoading: this._reader.isAsking, error: refusal, awaySinceMs: since });
  }

  private _showPages(change: Partial<IBrowserState> = {}): void {
    const { rows, count } = this._reader.pages;
    this.set({ rows, count, isLoading: this._reader.isAsking, ...change });
  }

  /** The listed row of a notebook; none where it is of another project. */
  private _rowOf({ connection, projectId, shortId }: INotebookAddress): INotebookRow | undefined {
    const { place } = this.state;
    const isHere = place?.connection.name === connection && place.project.id === projectId;
    const { rows } = this._reader.pages;
    return isHere ? rows[this._reader.pages.placeOf(shortId)] : undefined;
  }

  private readonly _places: IPlaceDesk;
  private readonly _now: () => number;
  private readonly _reader: ListReader;
  private readonly _searching: Debouncer<void>;
}
