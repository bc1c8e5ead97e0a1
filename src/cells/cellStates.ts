import { ServerConnection } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { INotebookAddress, notebooksApi } from '../common/paths';
import { PosthogRequestError, request } from '../common/request';

/** How fresh one stored cell is, and what it reads (posthog-api.md 12.6). */
export interface ICellState {
  node_id: string;
  status: string;
  dataframe_name: string | null;
  depends_on: string[];
}

/** Reasons that another question would not change. */
const FOR_GOOD = new Set([
  'endpoint_missing',
  'missing_scope',
  'access_denied',
  'key_not_supported',
  'notebook_gone'
]);

/** Knows how fresh the stored cells of one notebook are, where PostHog tells that. */
export class CellStates implements IDisposable {
  /**
   * @param delayMs - how long to wait for more of the same before asking
   */
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    address: INotebookAddress;
    delayMs: number;
  }) {
    this._options = options;
    this._asking = new Debouncer(() => this.read(), options.delayMs);
  }

  /** Emitted when something else is known. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._asking.isDisposed;
  }

  dispose(): void {
    this._asking.dispose();
    Signal.clearData(this);
  }

  /** What is known of one cell. */
  of(nodeId: string): ICellState | undefined {
    return this._states.get(nodeId);
  }

  /** The version of the notebook that is told of; null where nothing is. */
  get version(): number | null {
    return this._version;
  }

  /** Whether PostHog says that a cell's result is as new as what it reads. */
  isFresh(nodeId: string): boolean {
    return this._states.get(nodeId)?.status === 'done';
  }

  /** Ask again soon: a cell has run, or the notebook was saved. */
  refresh(): void {
    if (!this.isDisposed && !this._isRefused) {
      // Its end by disposing is no failure.
      void this._asking.invoke().catch(() => undefined);
    }
  }

  /** Ask now. */
  async read(): Promise<void> {
    const { serverSettings, address } = this._options;
    const { connection, projectId, shortId } = address;
    const path =
      notebooksApi(connection, projectId) +
      `${encodeURIComponent(shortId)}/sql_v2/state/?detail=compact`;
    try {
      const { cells, version } = await request<{ cells?: ICellState[]; version?: number }>(
        serverSettings,
        path
      );
      if (this.isDisposed) {
        return;
      }
      this._states = new Map((cells ?? []).map(cell => [cell.node_id, cell]));
      this._version = version ?? null;
      this._changed.emit();
    } catch (error) {
      const reason = error instanceof PosthogRequestError ? error.reason : String(error);
      this._isRefused = FOR_GOOD.has(reason);
      console.debug(`PostHog does not tell how fresh cells are: ${reason}`);
    }
  }

  private readonly _options: {
    serverSettings: ServerConnection.ISettings;
    address: INotebookAddress;
  };
  private readonly _asking: Debouncer;
  private readonly _changed = new Signal<this, void>(this);
  private _states = new Map<string, ICellState>();
  private _version: number | null = null;
  private _isRefused = false;
}
