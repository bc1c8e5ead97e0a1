import { ServerConnection } from '@jupyterlab/services';
import { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import type { INotebookAddress } from '../common/paths';
import { PosthogRequestError, request } from '../common/request';
import { INotebookRow, withChange } from './rows';

/** One project of a connection. */
export interface IProject {
  id: number;
  name: string;
  organization: string;
}

/** One connection, as `posthog/status` tells it. */
export interface IConnection {
  name: string;
  host: string;
  default_project_id: number | null;
  is_ok: boolean;
  reason: string | null;
  message: string | null;
  facts: Record<string, string | number | boolean | null>;
  projects: IProject[];
}

/** Which project the list is of. */
export interface IPlace {
  connection: IConnection;
  project: IProject;
}

/** What the list shows; `error` stands beside the rows of before, if there were any. */
export interface IBrowserState {
  isLoading: boolean;
  place: IPlace | null;
  rows: INotebookRow[];
  count: number;
  search: string;
  error: PosthogRequestError | null;
}

const NOTHING: IBrowserState = {
  isLoading: true,
  place: null,
  rows: [],
  count: 0,
  search: '',
  error: null
};

/** Keeps the list of a project's notebooks and tells when it changes. */
export class BrowserModel implements IDisposable {
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    pageSize: number;
    searchDelayMs: number;
  }) {
    this._settings = options.serverSettings;
    this.pageSize = options.pageSize;
    this._searching = new Debouncer(() => this._load(0), options.searchDelayMs);
  }

  /** How many rows are asked for at once. */
  pageSize: number;

  get state(): IBrowserState {
    return this._state;
  }

  get changed(): ISignal<this, IBrowserState> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._searching.isDisposed;
  }

  dispose(): void {
    this._searching.dispose();
    Signal.clearData(this);
  }

  /** Ask again who and where we are, and for the first page. */
  async refresh(): Promise<void> {
    this._set({ isLoading: true });
    try {
      const place = await this._findPlace();
      this._set({ place });
    } catch (error) {
      this._set({ isLoading: false, error: asRefusal(error) });
      return;
    }
    await this._load(0);
  }

  /** Show the list again: what is open in this page has changed. */
  showOpenNotebooks(): void {
    this._set({});
  }

  /** Show that somebody saved a notebook, if it is listed: it moves to the top, as in PostHog's own order. */
  showChange(change: { address: INotebookAddress; by: string; at: string }): void {
    const { place, rows } = this._state;
    const row = rows.find(other => other.short_id === change.address.shortId);
    const isHere =
      place?.connection.name === change.address.connection &&
      place.project.id === change.address.projectId;
    if (!row || !isHere) {
      return;
    }
    this._set({ rows: withChange(rows, row, change) });
  }

  /** Show that PostHog wants a pause; what is listed stays. */
  showPause(pause: { host: string; projectId: number | null; waitS: number }): void {
    const { place } = this._state;
    const isOurs =
      place?.connection.host === pause.host &&
      (pause.projectId === null || pause.projectId === place.project.id);
    if (isOurs) {
      const facts = { wait_s: Math.ceil(pause.waitS) };
      const error = new PosthogRequestError({
        message: '',
        reason: 'rate_limited',
        facts,
        status: 429
      });
      this._set({ error });
    }
  }

  /** Search on the server, a moment after the last key. */
  search(words: string): void {
    this._set({ search: words });
    void this._searching.invoke().catch(() => undefined);
  }

  /** Fetch the next page; nothing where there is none. */
  async loadMore(): Promise<void> {
    const { isLoading, rows, count } = this._state;
    if (!isLoading && rows.length < count) {
      await this._load(rows.length);
    }
  }

  private async _findPlace(): Promise<IPlace> {
    const status = await request<{ default: string | null; connections: IConnection[] }>(
      this._settings,
      'posthog/status'
    );
    const connection =
      status.connections.find(other => other.name === status.default) ?? status.connections[0];
    if (!connection) {
      throw new PosthogRequestError({ message: '', reason: 'not_connected', status: 0 });
    }
    if (!connection.is_ok) {
      const { message, reason, facts } = connection;
      throw new PosthogRequestError({
        message: message ?? '',
        reason: reason ?? 'unexpected',
        facts,
        status: 0
      });
    }
    const projectId = connection.default_project_id ?? connection.projects[0]?.id ?? 0;
    const project = connection.projects.find(other => other.id === projectId) ?? {
      id: projectId,
      name: '',
      organization: ''
    };
    return { connection, project };
  }

  private async _load(offset: number): Promise<void> {
    const { place, search } = this._state;
    if (!place) {
      return;
    }
    const number = ++this._requests;
    this._set({ isLoading: true });
    try {
      const page = await this._page(place, search, offset);
      if (number === this._requests) {
        const before = offset ? this._state.rows : [];
        this._set({
          isLoading: false,
          error: null,
          count: page.count,
          rows: [...before, ...page.results]
        });
      }
    } catch (error) {
      if (number === this._requests) {
        this._set({ isLoading: false, error: asRefusal(error) });
      }
    }
  }

  private _page(
    place: IPlace,
    search: string,
    offset: number
  ): Promise<{ count: number; results: INotebookRow[] }> {
    const query = new URLSearchParams({ limit: String(this.pageSize), offset: String(offset) });
    if (search.trim()) {
      query.set('search', search.trim());
    }
    const { connection, project } = place;
    const base = `posthog/@${encodeURIComponent(connection.name)}/api/projects/${project.id}/notebooks/`;
    return request(this._settings, `${base}?${query.toString()}`);
  }

  private _set(change: Partial<IBrowserState>): void {
    if (this.isDisposed) {
      return;
    }
    this._state = { ...this._state, ...change };
    this._changed.emit(this._state);
  }

  private readonly _settings: ServerConnection.ISettings;
  private readonly _changed = new Signal<this, IBrowserState>(this);
  private readonly _searching: Debouncer<void>;
  private _state = NOTHING;
  private _requests = 0;
}

function asRefusal(error: unknown): PosthogRequestError {
  return error instanceof PosthogRequestError
    ? error
    : new PosthogRequestError({ message: String(error), reason: 'unexpected', status: 0 });
}
