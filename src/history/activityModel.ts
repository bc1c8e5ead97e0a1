import { StateModel } from '../common/stateModel';
import type { IProjectDeed, IProjectDesk, IProjectPlace } from './projectDesk';

/** What the feed of a project shows. */
export interface IActivityState {
  isLoading: boolean;
  deeds: IProjectDeed[];
  hasMore: boolean;
  error: unknown;
}

const NOTHING: IActivityState = { isLoading: false, deeds: [], hasMore: false, error: null };

/** Keeps what was done to the notebooks of one project, newest first. */
export class ActivityModel extends StateModel<IActivityState> {
  constructor(
    readonly place: IProjectPlace,
    desk: Pick<IProjectDesk, 'activity'>
  ) {
    super(NOTHING);
    this._desk = desk;
  }

  /** Ask for the newest part. */
  async refresh(): Promise<void> {
    await this._load(1);
  }

  /** Ask for older deeds. */
  async loadMore(): Promise<void> {
    if (this.state.hasMore && !this.state.isLoading) {
      await this._load(this._page + 1);
    }
  }

  private async _load(page: number): Promise<void> {
    this.set({ isLoading: true, error: null });
    try {
      const found = await this._desk.activity(this.place, page);
      const known = page === 1 ? [] : this.state.deeds;
      const fresh = found.deeds.filter(({ id }) => !known.some(one => one.id === id));
      this._page = page;
      this.set({
        isLoading: false,
        deeds: [...known, ...fresh],
        hasMore: found.deeds.length > 0 && known.length + fresh.length < found.count
      });
    } catch (error) {
      this.set({ isLoading: false, error });
    }
  }

  private readonly _desk: Pick<IProjectDesk, 'activity'>;
  private _page = 1;
}
