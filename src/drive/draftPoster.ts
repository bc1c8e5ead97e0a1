import { ServerConnection } from '@jupyterlab/services';
import { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { localPath } from '../common/paths';
import { request } from '../common/request';

/** An open notebook, as far as keeping its draft needs it. */
export interface IDraftSource {
  readonly path: string;
  readonly model: {
    readonly contentChanged: ISignal<unknown, unknown>;
    readonly dirty: boolean;
    toJSON(): unknown;
  };
}

/** Posts a notebook's unsaved edits to the server two seconds after the last one. */
export class DraftPoster implements IDisposable {
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    source: IDraftSource;
    baseVersion: (path: string) => number | null;
    idleMs: number;
  }) {
    this._options = options;
    this._debouncer = new Debouncer(() => this._post(), options.idleMs);
    options.source.model.contentChanged.connect(this._onContentChanged, this);
  }

  get isDisposed(): boolean {
    return this._debouncer.isDisposed;
  }

  dispose(): void {
    this._debouncer.dispose();
    Signal.clearData(this);
  }

  private _onContentChanged(): void {
    void this._debouncer.invoke().catch(() => undefined);
  }

  private async _post(): Promise<void> {
    const { source, serverSettings, baseVersion } = this._options;
    if (this.isDisposed || !source.model.dirty) {
      return;
    }
    const body = JSON.stringify({
      path: localPath(source.path),
      base_version: baseVersion(source.path),
      content: source.model.toJSON()
    });
    try {
      await request(serverSettings, 'posthog/drafts', { method: 'POST', body });
    } catch (error) {
      // The edits are still in the page, and the next change posts them again.
      console.warn('The draft was not kept on the server.', error);
    }
  }

  private readonly _options: ConstructorParameters<typeof DraftPoster>[0];
  private readonly _debouncer: Debouncer<void>;
}
