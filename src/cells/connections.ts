import { ServerConnection } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';
import { request } from '../common/request';
import type { IProjectAddress } from './projectSchemas';

interface IConnections {
  default: string | null;
  connections: { name: string; host?: string; project_id?: number | null }[];
}

/** The connections of the server, as its settings tell them; PostHog is not asked. */
export class Connections {
  private constructor(serverSettings: ServerConnection.ISettings) {
    this._settings = serverSettings;
  }

  /** What is known of one server; every part of the page asks the same one. */
  static of(serverSettings: ServerConnection.ISettings): Connections {
    const known = OF_SERVERS.get(serverSettings) ?? new Connections(serverSettings);
    OF_SERVERS.set(serverSettings, known);
    return known;
  }

  /** Emitted when more is known than before. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The project that a notebook outside of PostHog reads; null while that is not known. */
  get home(): IProjectAddress | null {
    if (this._home === undefined) {
      this._home = null;
      void this._read();
    }
    return this._home;
  }

  /** Return where a connection leads; null while that is not known. */
  hostOf(connection: string): string | null {
    const host = this._hosts.get(connection);
    if (host === undefined && !this._missed.has(connection)) {
      // A connection that was added later is looked for once.
      this._missed.add(connection);
      void this._read();
    }
    return host ?? null;
  }

  private async _read(): Promise<void> {
    // Several notebooks that open at once need one answer.
    this._reading ??= request<IConnections>(this._settings, 'posthog/connections');
    try {
      const { connections, default: first } = await this._reading;
      connections.forEach(({ name, host }) => host && this._hosts.set(name, host));
      const own = connections.find(({ name }) => name === first);
      this._home = own?.project_id ? { connection: own.name, projectId: own.project_id } : null;
      this._changed.emit();
    } catch {
      this._missed.clear();
      this._home = undefined; // without the server nothing is known; the next question asks again
    } finally {
      this._reading = null;
    }
  }

  private readonly _settings: ServerConnection.ISettings;
  private readonly _hosts = new Map<string, string>();
  private readonly _missed = new Set<string>();
  private _home: IProjectAddress | null | undefined;
  private readonly _changed = new Signal<this, void>(this);
  private _reading: Promise<IConnections> | null = null;
}

const OF_SERVERS = new WeakMap<ServerConnection.ISettings, Connections>();
