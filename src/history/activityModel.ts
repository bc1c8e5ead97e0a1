import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
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
export class ActivityModel implements IDisposable {
  constructor(
    readonly place: IProjectPlace,
    desk: Pick<IProjectDesk, 'activity'>
  ) {
    this._desk = desk;
  }

  get state(): IActivityState {
    return this._state;
  }

  get changed(): ISignal<this, IActivityState> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Ask for the newest part. */
  async refresh(): Promise<void> {
    await this._load(1);
  }

  /** Ask for older deeds. */
  async loadMore(): Promise<void> {
    if (this._state.hasMore && !this._state.isLoading) {
      await this._load(this._page + 1);
    }
  }

  private async _load(page: number): Promise<void> {
    this._set({ isLoading: true, error: null });
    try {
      const found = await this._desk.activity(this.place, page);
      const known = page === 1 ? [] : this._state.deeds;
      const fresh = found.deeds.filter(({ id }) => !known.some(one => one.id === id));
      this._page = page;
      this._set({
        isLoading: false,
        deeds: [...known, ...fresh],
        hasMore: found.deeds.length > 0 && known.length + fresh.length < found.count
      });
    } catch (error) {
      this._set({ isLoading: false, error });
    }
  }

  private _set(change: Partial<IActivityState>): void {
    if (!this._isDisposed) {
      this._state = { ...this._state, ...change };
      this._changed.emit(this._state);
    }
  }

  private readonly _desk: Pick<IProjectDesk, 'activity'>;
  private readonly _changed = new Signal<this, IActivityState>(this);
  private _state = NOTHING;
  private _page = 1;
  private _isDisposed = false;
}
