import { ServerConnection } from '@jupyterlab/services';
import { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { localPath } from '../common/paths';
import { request } from '../common/request';
import type { ICellChange } from './tokens';

/** An open notebook, as far as keeping its draft needs it. */
export interface IDraftSource {
  readonly path: string;
  /** Lab's own flag: without it, nothing has happened that could be kept. */
  isDirty(): boolean;
  /** The notebook as the page shows it. */
  content(): unknown;
  /** The number of that state. */
  revision(): number;
  /** The version that the page shows. */
  baseVersion(): number | null;
}

/** What the server says of a draft that it keeps. */
export interface IKeptDraft {
  id: string;
  /** What was kept, and the number of that state in this page. */
  content: unknown;
  revision: number;
  /** What the disk said; empty where the draft is on it. */
  problem: string;
  /** What a save would change; null where the server cannot say. */
  changes: ICellChange[] | null;
  /** Why the notebook cannot be saved as it is. */
  refusal: { reason: string; message: string } | null;
}

/** Posts a notebook's unsaved edits to the server two seconds after the last one; one draft per open panel. */
export class DraftPoster implements IDisposable {
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    source: IDraftSource;
    /** Names the open panel. */
    pageId: string;
    idleMs: number;
  }) {
    this._options = options;
    const { source, idleMs } = options;
    this._debouncer = new Debouncer(async () => (source.isDirty() ? this.post() : null), idleMs);
  }

  /** Emitted with what the server says, and null where it said nothing. */
  get answered(): ISignal<this, IKeptDraft | null> {
    return this._answered;
  }

  get isDisposed(): boolean {
    return this._debouncer.isDisposed;
  }

  dispose(): void {
    this._debouncer.dispose();
    Signal.clearData(this);
  }

  /** Post when nothing more is typed for a moment. */
  schedule(): void {
    // Stopping it, as disposing does, is no failure.
    void this._debouncer.invoke().catch(() => undefined);
  }

  /** Post what the page shows now; null where the server did not keep it. */
  post(): Promise<IKeptDraft | null> {
    // One after the other: an older text must not arrive last.
    this._last = this._last.then(() => this._post());
    return this._last;
  }

  /** Drop a draft that holds nothing more than PostHog does. */
  async drop(draftId: string): Promise<void> {
    try {
      const init = { method: 'DELETE' };
      await request(this._options.serverSettings, `posthog/drafts/${draftId}`, init);
    } catch (error) {
      console.debug('The draft is gone already.', error);
    }
  }

  private async _post(): Promise<IKeptDraft | null> {
    if (this.isDisposed) {
      return null;
    }
    const { source, serverSettings, pageId } = this._options;
    const [content, revision] = [source.content(), source.revision()];
    const body = JSON.stringify({
      path: localPath(source.path),
      base_version: source.baseVersion(),
      page_id: pageId,
      content
    });
    let kept: IKeptDraft | null = null;
    try {
      const init = { method: 'POST', body };
      const answer = await request<IKeptDraft>(serverSettings, 'posthog/drafts', init);
      kept = { ...answer, content, revision };
    } catch (error) {
      // The edits are still in the page, and the next change posts them again.
      console.warn('The draft was not kept on the server.', error);
    }
    if (!this.isDisposed) {
      this._answered.emit(kept);
    }
    return kept;
  }

  private readonly _options: ConstructorParameters<typeof DraftPoster>[0];
  private readonly _debouncer: Debouncer<IKeptDraft | null>;
  private readonly _answered = new Signal<this, IKeptDraft | null>(this);
  private _last: Promise<IKeptDraft | null> = Promise.resolve(null);
}
