import { ServerConnection } from '@jupyterlab/services';
import { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { request } from '../common/request';
import type { IKnownNotebook } from './events';

/** A notebook as this page shows it. */
export interface IShownNotebook {
  /** Path without the drive's prefix. */
  path: string;
  version: number | null;
}

interface IAnswer {
  lease_s: number;
  notebooks: IKnownNotebook[];
}

const FIRST_INTERVAL_MS = 30_000;

/**
 * Tells the server which notebooks this page has open, so that it follows those and no others.
 *
 * The server believes a page for the time of a lease, renewed at half of it. Nothing runs while no notebook is open.
 */
export class OpenNotebooks implements IDisposable {
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    /** Names this page; a page that is loaded again is another one. */
    pageId: string;
    shown: () => IShownNotebook[];
  }) {
    this._options = options;
    this._poll = new Poll({
      auto: false,
      name: 'jupyter-posthog:open-notebooks',
      factory: () => this._send(),
      frequency: { interval: FIRST_INTERVAL_MS, backoff: true, max: 300_000 },
      standby: 'never'
    });
  }

  /** What the server knows of each open notebook. */
  get known(): ISignal<this, IKnownNotebook> {
    return this._known;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /** Tell the server now: something was opened or closed. */
  async update(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    if (this._options.shown().length > 0) {
      await this._poll.refresh();
      await this._poll.tick;
    } else if (this._isTold) {
      await this._poll.stop();
      await this._send();
    }
  }

  /** Tell the server that this page goes away; it may not hear the answer. */
  leave(): void {
    if (this._isTold) {
      this._isTold = false;
      const init = { method: 'DELETE', keepalive: true };
      void request(this._options.serverSettings, this._path, init).catch(() => undefined);
    }
  }

  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  private async _send(): Promise<void> {
    const notebooks = this._options.shown();
    const body = JSON.stringify({ notebooks });
    const { serverSettings } = this._options;
    const answer = await request<IAnswer>(serverSettings, this._path, { method: 'PUT', body });
    this._isTold = notebooks.length > 0;
    if (this.isDisposed) {
      return;
    }
    this._poll.frequency = { ...this._poll.frequency, interval: (answer.lease_s * 1000) / 2 };
    answer.notebooks.forEach(notebook => this._known.emit(notebook));
  }

  private get _path(): string {
    return `posthog/live/${this._options.pageId}`;
  }

  private readonly _options: ConstructorParameters<typeof OpenNotebooks>[0];
  private readonly _poll: Poll<void, unknown>;
  private readonly _known = new Signal<this, IKnownNotebook>(this);
  private _isTold = false;
}
