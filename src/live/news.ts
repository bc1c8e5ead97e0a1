import { ISignal } from '@lumino/signaling';
import { INotebookAddress } from '../common/paths';
import { StateModel } from '../common/stateModel';
import type { IKnownNotebook, INotebookEvent, ISaveState } from './events';
import type { ILiveChannel } from './tokens';

/** A version that somebody else stored. */
export interface IChange {
  version: number | null;
  by: string;
  /** Whether this server stored it, for another page. */
  isOwn: boolean;
  atMs: number;
}

/** What a person should know of one open notebook. */
export interface INews {
  /** A version of PostHog that this page does not show. */
  change: IChange | null;
  /** Changes of others that came into the page by themselves, until the person goes on. */
  merged: IChange | null;
  people: string[];
  /** Whether PostHog has the notebook no more. */
  isGone: boolean;
  /** Why edits of others do not become known here; null where they do. */
  unheard: string | null;
}

/** The open notebook, as far as its news are concerned. */
export interface INewsSource {
  address(): INotebookAddress | null;
  /** The version that this page shows. */
  shown(): number | null;
  /** Emitted when that changes. */
  readonly shownChanged: ISignal<unknown, unknown>;
  /** Whether a save of this page is on its way, emitted as it begins and ends. */
  readonly saving: ISignal<unknown, boolean>;
}

const NOTHING: INews = { change: null, merged: null, people: [], isGone: false, unheard: null };

/** Keeps the news of one open notebook; what this page shows already is none. */
export class NotebookNews extends StateModel<INews> {
  constructor(channel: ILiveChannel, source: INewsSource, now: () => number = Date.now) {
    super(NOTHING);
    this._source = source;
    this._now = now;
    this._connect(channel.changed, event => this._take(event.version, event.by, event.is_own));
    this._connect(channel.presence, ({ people }) => this.set({ people }));
    this._connect(channel.following, event => this.set(hearingOf(event)));
    this._connect(channel.saveState, event => this._onSaved(event));
    this._connect(channel.known, event => this._onKnown(event));
    source.shownChanged.connect(this._onShown, this);
    source.saving.connect(this._onSaving, this);
  }

  /** Others' change is in the page now. */
  tellMerged(change: IChange): void {
    this.set({ merged: change });
  }

  /** The person goes on: what came by itself is no news any more. */
  forgetMerged(): void {
    if (this.state.merged) {
      this.set({ merged: null });
    }
  }

  private _connect<T extends INotebookEvent>(
    signal: ISignal<unknown, T>,
    take: (event: T) => void
  ): void {
    signal.connect((_: unknown, event: T) => {
      if (!this.isDisposed && this._isMine(event)) {
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
    this.set({ change: isShown ? null : pending });
  }

  private _onKnown(event: IKnownNotebook): void {
    const shown = this._source.shown();
    this.set({ people: event.people, ...hearingOf(event) });
    const isNewer = event.version !== null && shown !== null && event.version > shown;
    if (isNewer && !this._pending) {
      this._take(event.version, event.by, false);
    }
  }

  /** A save of this server that others' changes were merged into: this page's own, once it shows that version. */
  private _onSaved(event: ISaveState): void {
    if (event.state === 'saved' && event.merged > 0) {
      const { version, by } = event;
      this._mergedSave = { version, by, isOwn: false, atMs: this._now() };
      this._weighMerged();
    }
  }

  private _weighMerged(): void {
    const merged = this._mergedSave;
    if (merged && merged.version === this._source.shown()) {
      this._mergedSave = null;
      this.set({ merged });
    }
  }

  private _onShown(): void {
    if (this._pending?.version === null) {
      this._pending = null; // The notebook was loaded again after a change that named no version.
      this.set({ change: null });
    }
    this._weigh();
    this._weighMerged();
  }

  private _onSaving(_: unknown, isSaving: boolean): void {
    this._isSaving = isSaving;
    this._weigh();
  }

  private readonly _source: INewsSource;
  private readonly _now: () => number;
  private _pending: IChange | null = null;
  private _mergedSave: IChange | null = null;
  private _isSaving = false;
}

function hearingOf({
  mode,
  reason
}: Pick<IKnownNotebook, 'mode' | 'reason'>): Pick<INews, 'isGone' | 'unheard'> {
  const isGone = reason === 'notebook_gone';
  return { isGone, unheard: mode === 'off' && !isGone ? (reason ?? 'unexpected') : null };
}
