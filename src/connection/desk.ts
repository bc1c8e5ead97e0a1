import { ServerConnection } from '@jupyterlab/services';
import { request } from '../common/request';
import type { IConnectionStatus, IReport } from './report';

/** A connection to add; without a place, the key itself tells the cloud region. */
export interface INewConnection {
  region?: 'us' | 'eu';
  host?: string;
  key: string;
}

/** What the page asks of the server about connections; a key goes in and never comes out. */
export interface IConnectionDesk {
  /** Try a connection and store it where it works; answers its name. */
  add(wanted: INewConnection): Promise<string>;
  /** Ask PostHog about one connection. */
  test(name: string): Promise<IConnectionStatus>;
  /** Forget a stored connection and its key. */
  remove(name: string): Promise<void>;
  /** Ask about everything. */
  examine(): Promise<IReport>;
}

/** The desk of the server that Lab talks to. */
export class ConnectionDesk implements IConnectionDesk {
  constructor(settings: ServerConnection.ISettings) {
    this._settings = settings;
  }

  async add(wanted: INewConnection): Promise<string> {
    const init = { method: 'POST', body: JSON.stringify(wanted) };
    return (await request<{ name: string }>(this._settings, CONNECTIONS, init)).name;
  }

  test(name: string): Promise<IConnectionStatus> {
    return request(this._settings, `${CONNECTIONS}/${encodeURIComponent(name)}`);
  }

  async remove(name: string): Promise<void> {
    const path = `${CONNECTIONS}/${encodeURIComponent(name)}`;
    await request(this._settings, path, { method: 'DELETE' });
  }

  examine(): Promise<IReport> {
    return request(this._settings, 'posthog/status');
  }

  private readonly _settings: ServerConnection.ISettings;
}

const CONNECTIONS = 'posthog/connections';
