import type { INotebookAddress } from '../common/paths';
import { StateModel } from '../common/stateModel';
import type {
  IHistoryDesk,
  IKeptVersion,
  INotedEntry,
  IOldNotebook,
  IRefusal,
  IRestored,
  Moment
} from './desk';

/** An entry, and the page of PostHog's list that it is on. */
export interface IPlacedEntry extends INotedEntry {
  page: number;
}

/** What the history of one notebook shows. */
export interface IHistoryState {
  isLoading: boolean;
  entries: IPlacedEntry[];
  hasMore: boolean;
  /** Why PostHog's own notes are not shown. */
  refusal: IRefusal | null;
  versions: IKeptVersion[];
  chosen: Moment | null;
  /** The notebook as it was at the chosen moment; null until it is read. */
  old: IOldNotebook | null;
  isRestoring: boolean;
  error: unknown;
}

const NOTHING: IHistoryState = {
  isLoading: false,
  entries: [],
  hasMore: false,
  refusal: null,
  versions: [],
  chosen: null,
  old: null,
  isRestoring: false,
  error: null
};

/** Keeps the past of one notebook, and puts something of it back. */
export class HistoryModel extends StateModel<IHistoryState> {
  constructor(
    readonly address: INotebookAddress,
    desk: IHistoryDesk
  ) {
    super(NOTHING);
    this._desk = desk;
  }

  /** Ask for the newest part; what is chosen stays chosen. */
  async refresh(): Promise<void> {
    await this._load(1);
  }

  /** Ask for older entries. */
  async loadMore(): Promise<void> {
    if (this.state.hasMore && !this.state.isLoading) {
      await this._load(this._page + 1);
    }
  }

  /** Show the notebook as it was; an answer that comes after another choice is passed over. */
  async choose(moment: Moment): Promise<void> {
    this.set({ chosen: moment, old: null, error: null });
    try {
      const old = await this._desk.old(this.address, moment);
      if (this.state.chosen === moment) {
        this.set({ old });
      }
    } catch (error) {
      if (this.state.chosen === moment) {
        this.set({ error });
      }
    }
  }

  /** Store an old one as the newest version; null where that failed, which the state then says. */
  async restore(moment: Moment): Promise<IRestored | null> {
    this.set({ isRestoring: true, error: null });
    try {
      const restored = await this._desk.restore(this.address, moment);
      await Promise.all([this.refresh(), this.choose(moment)]); // what differs from now is another thing now
      return restored;
    } catch (error) {
      this.set({ error });
      return null;
    } finally {
      this.set({ isRestoring: false });
    }
  }

  private async _load(page: number): Promise<void> {
    this.set({ isLoading: true, error: null });
    try {
      const { versions, activity } = await this._desk.history(this.address, page);
      const known = page === 1 ? [] : this.state.entries;
      const placed = (activity.entries ?? []).map(entry => ({ ...entry, page }));
      const entries = [...known, ...placed.filter(({ id }) => !known.some(one => one.id === id))];
      this._page = page;
      this.set({
        isLoading: false,
        versions,
        entries,
        hasMore: placed.length > 0 && entries.length < (activity.count ?? 0),
        refusal: activity.refusal
      });
    } catch (error) {
      this.set({ isLoading: false, error });
    }
  }

  private readonly _desk: IHistoryDesk;
  private _page = 1;
}
