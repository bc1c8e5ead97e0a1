import { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { IEditsState, INotebookEdits } from '../drive/tokens';
import type { INotebookEvent, ISaveState } from './events';
import type { IChange, INews, NotebookNews } from './news';
import type { ILiveChannel } from './tokens';

/**
 * Brings changes of others into a notebook by itself where nothing was typed into it.
 *
 * Where something was, the next save merges both; the person is told that there is something to merge.
 */
export class ChangeFollower implements IDisposable {
  constructor(options: { edits: INotebookEdits; news: NotebookNews; channel: ILiveChannel }) {
    this._edits = options.edits;
    this._news = options.news;
    options.news.changed.connect(this._onNews, this);
    options.edits.changed.connect(this._onEdits, this);
    options.channel.saveState.connect(this._onSaveState, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onNews(_: unknown, { change }: INews): void {
    if (change) {
      this._edits.retryAfter(change.version);
    }
    void this._take();
  }

  private _onEdits(_: unknown, state: IEditsState): void {
    if (state.phase === 'edited') {
      this._news.forgetMerged();
    }
    void this._take();
  }

  private _onSaveState(_: unknown, event: ISaveState): void {
    const isAnswered = event.state === 'saved' || event.state === 'conflict';
    if (isAnswered && this._isMine(event)) {
      // What fails is told by the state, and tried again with the next autosave.
      this._edits.redelivered().catch((error: unknown) => console.warn(error));
    }
  }

  private _isMine(event: INotebookEvent): boolean {
    const address = this._edits.address;
    return (
      address?.shortId === event.short_id &&
      address.connection === event.connection &&
      address.projectId === event.project_id
    );
  }

  private async _take(): Promise<void> {
    const change = this._news.state.change;
    if (!change || this._isTaking || this.isDisposed || !this._isUntouched) {
      return;
    }
    this._isTaking = true;
    try {
      if ((await this._edits.takeStored()) && !this.isDisposed) {
        this._tell(change);
      }
    } catch (error) {
      // PostHog or the server is away: the change stays told, and is asked for again with the next news.
      console.warn('The change was not fetched.', error);
    } finally {
      this._isTaking = false;
    }
  }

  private _tell(change: IChange): void {
    if (!change.isOwn) {
      this._news.tellMerged(change);
    }
  }

  private get _isUntouched(): boolean {
    const { phase, changes } = this._edits.state;
    return phase === 'saved' || (phase === 'view_only' && changes?.length === 0);
  }

  private readonly _edits: INotebookEdits;
  private readonly _news: NotebookNews;
  private _isTaking = false;
  private _isDisposed = false;
}
