import type { IFilters } from './filters';
import { queryOf } from './filters';
import type { IListDesk } from './listDesk';
import { ListPages } from './pages';
import type { IPlace } from './places';

/** Who is told what came of reading. */
export interface IListListener {
  /** A request was sent. */
  asked(): void;
  /** PostHog answered. */
  answered(): void;
  /** PostHog, or the server, refused. */
  refused(place: IPlace, error: unknown): Promise<void>;
}

/** Reads the pages of one list after the other; what comes too late is dropped. */
export class ListReader {
  constructor(options: {
    desk: IListDesk;
    pageSize: number;
    now: () => number;
    listener: IListListener;
  }) {
    this._desk = options.desk;
    this._now = options.now;
    this._listener = options.listener;
    this.pageSize = options.pageSize;
    this.pages = new ListPages(options.pageSize);
  }

  /** How many rows the next question asks for at once. */
  pageSize: number;

  /** What was read of the list so far. */
  pages: ListPages;

  /** Counts the questions; every answer belongs to one. */
  get question(): number {
    return this._question;
  }

  /** Whether an answer is still to come. */
  get isAsking(): boolean {
    return this._asking.size > 0;
  }

  /** Begin with another list, or with the same one anew; nothing is asked yet. */
  begin(): number {
    this.pages = new ListPages(this.pageSize);
    this._asking.clear();
    this._view = [0, 0];
    return ++this._question;
  }

  /** Fetch what is looked at, whether or not it is known. */
  async readView(place: IPlace, filters: IFilters): Promise<void> {
    this.pages.expire();
    await this._readAll(place, filters, this.pages.missing(...this._view));
  }

  /** Take note of which rows are looked at, and fetch what of them is missing. */
  async show(place: IPlace, filters: IFilters, first: number, last: number): Promise<void> {
    this._view = [first, last];
    if (this.pages.count !== null) {
      // What stands near is fetched before somebody gets there.
      const near = Math.ceil(this.pages.pageSize / 4);
      const missing = this.pages.missing(first - near, last + near);
      const unasked = missing.filter(page => !this._asking.has(page));
      await this._readAll(place, filters, unasked);
    }
  }

  private async _readAll(place: IPlace, filters: IFilters, pages: number[]): Promise<void> {
    await Promise.all(pages.map(page => this._read(place, filters, page)));
  }

  private async _read(place: IPlace, filters: IFilters, page: number): Promise<void> {
    const question = this._question;
    const turn = ++this._turns;
    this._asking.set(page, turn);
    // An answer to an older question, or to the same one asked again meanwhile, comes too late.
    const isLate = () => question !== this._question || this._asking.get(page) !== turn;
    const { pageSize } = this.pages;
    this._listener.asked();
    try {
      const query = queryOf(filters, this._now());
      const answer = await this._desk.page(place, query, page * pageSize, pageSize);
      if (!isLate()) {
        this._asking.delete(page);
        this.pages.accept(page, answer);
        this._listener.answered();
      }
    } catch (error) {
      if (!isLate()) {
        this._asking.delete(page);
        await this._listener.refused(place, error);
      }
    }
  }

  private readonly _desk: IListDesk;
  private readonly _now: () => number;
  private readonly _listener: IListListener;
  /** The pages that are being asked for, each with the number of its last request. */
  private readonly _asking = new Map<number, number>();
  private _view: [number, number] = [0, 0];
  private _question = 0;
  private _turns = 0;
}
