import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { INotebookAddress } from '../common/paths';
import type { IKnownNotebook, INotebookEvent, ISaveState } from './events';
import type { ILiveChannel } from './tokens';

/** What a person should know of one open notebook. */
export interface INews {
  /** A version of PostHog that this page does not show, and whose it is. */
  change: { by: string; isOwn: boolean; atMs: number } | null;
  people: string[];
  /** Whether PostHog has the notebook no more. */
  isGone: boolean;
  /** Why edits of others do not become known here; null where they do. */
  unheard: string | null;
  /** The last save of this server, where it did not arrive. */
  unsaved: ISaveState | null;
}

/** The open notebook, as far as its news are concerned. */
export interface INewsSource {
  address(): INotebookAddress | null;
  /** The version that this page shows. */
  shown(): number | null;
  /** Emitted when that changes. */
  readonly shownChanged: ISignal<unknown, unknown>;
  /** Lab's states of a save. */
  readonly saveState: ISignal<unknown, string>;
}

const NOTHING: INews = { change: null, people: [], isGone: false, unheard: null, unsaved: null };

/** Keeps the news of one open notebook; what this page shows already is none. */
export class NotebookNews implements IDisposable {
  constructor(channel: ILiveChannel, source: INewsSource, now: () => number = Date.now) {
    this._source = source;
    this._now = now;
    this._connect(channel.changed, event => this._take(event.version, event.by, event.is_own));
    this._connect(channel.presence, ({ people }) => this._set({ people }));
    this._connect(channel.following, event => this._set(hearingOf(event)));
    this._connect(channel.saveState, event => this._onSaved(event));
    this._connect(channel.known, event => this._onKnown(event));
    source.shownChanged.connect(this._onShown, this);
    source.saveState.connect(this._onSaving, this);
  }

  get state(): INews {
    return this._state;
  }

  get changed(): ISignal<this, INews> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _connect<T extends INotebookEvent>(
    signal: ISignal<unknown, T>,
    take: (event: T) => void
  ): void {
    signal.connect((_: unknown, event: T) => {
      if (!this._isDisposed && this._isMine(event)) {
        take(event);
      }
    }, this);
  }

  private _isMine(event: INotebookEvent): boolean {
    const address = this._source.address();
    return (
      address?.shortId === event.short_id &&
      address.connection === event.connection &&
      address.projectId === event.project_id
    );
  }

  private _take(version: number | null, by: string, isOwn: boolean): void {
    this._pending = { version, by, isOwn, atMs: this._now() };
    this._weigh();
  }

  /** Decide whether the last change is news: our own save is not, once its answer is here. */
  private _weigh(): void {
    const pending = this._pending;
    if (!pending || (pending.isOwn && this._isSaving)) {
      return;
    }
    const shown = this._source.shown();
    const isShown = pending.version !== null && shown !== null && pending.version <= shown;
    if (isShown) {
      this._pending = null;
    }
    const { by, isOwn, atMs } = pending;
    this._set({ change: isShown ? null : { by, isOwn, atMs } });
  }

  private _onKnown(event: IKnownNotebook): void {
    const shown = this._source.shown();
    this._set({ people: event.people, ...hearingOf(event) });
    const isNewer = event.version !== null && shown !== null && event.version > shown;
    if (isNewer && !this._pending) {
      this._take(event.version, event.by, false);
    }
  }

  private _onSaved(event: ISaveState): void {
    const didNotArrive = event.state === 'kept_here' || event.state === 'conflict';
    this._set({ unsaved: didNotArrive ? event : null });
  }

  private _onShown(): void {
    if (this._pending?.version === null) {
      this._pending = null; // The notebook was loaded again after a change that named no version.
      this._set({ change: null });
    }
    this._weigh();
  }

  private _onSaving(_: unknown, state: string): void {
    this._isSaving = state === 'started';
    this._weigh();
  }

  private _set(change: Partial<INews>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit(this._state);
  }

  private readonly _source: INewsSource;
  private readonly _now: () => number;
  private readonly _changed = new Signal<this, INews>(this);
  private _state = NOTHING;
  private _pending: { version: number | null; by: string; isOwn: boolean; atMs: number } | null =
    null;
  private _isSaving = false;
  private _isDisposed = false;
}

function hearingOf({
  mode,
  reason
}: Pick<IKnownNotebook, 'mode' | 'reason'>): Pick<INews, 'isGone' | 'unheard'> {
  const isGone = reason === 'notebook_gone';
  return { isGone, unheard: mode === 'off' && !isGone ? (reason ?? 'unexpected') : null };
}
