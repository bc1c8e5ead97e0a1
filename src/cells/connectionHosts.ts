import { ServerConnection } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';
import { request } from '../common/request';

interface IConnections {
  connections: { name: string; host?: string }[];
}

/** The address of each connection's PostHog, as its settings say; PostHog is not asked. */
export class ConnectionHosts {
  constructor(serverSettings: ServerConnection.ISettings) {
    this._settings = serverSettings;
  }

  /** Emitted when more is known than before. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Return where a connection leads; null while that is not known. */
  of(connection: string): string | null {
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
      const { connections } = await this._reading;
      connections.forEach(({ name, host }) => host && this._hosts.set(name, host));
      this._changed.emit();
    } catch {
      this._missed.clear(); // without the server there are no links; the next question asks again
    } finally {
      this._reading = null;
    }
  }

  private readonly _settings: ServerConnection.ISettings;
  private readonly _hosts = new Map<string, string>();
  private readonly _missed = new Set<string>();
  private readonly _changed = new Signal<this, void>(this);
  private _reading: Promise<IConnections> | null = null;
}
