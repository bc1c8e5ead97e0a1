import { ServerConnection } from '@jupyterlab/services';
import { PosthogRequestError, request } from '../common/request';

/** Columns as name and type, by the name of their table. */
export type Tables = Record<string, [name: string, type: string][]>;

/** Which project's tables a cell can read. */
export interface IProjectAddress {
  connection: string;
  projectId: number;
}

/** The tables of projects, asked for when a cell first needs them. */
export class ProjectSchemas {
  constructor(serverSettings: ServerConnection.ISettings) {
    this._settings = serverSettings;
  }

  /** Return a project's tables; none where PostHog does not tell them. */
  async of({ connection, projectId }: IProjectAddress): Promise<Tables> {
    const path = `posthog/schemas/${encodeURIComponent(connection)}/${projectId}`;
    const known = this._tables.get(path) ?? this._read(path);
    this._tables.set(path, known);
    return known;
  }

  private async _read(path: string): Promise<Tables> {
    try {
      return (await request<{ tables: Tables }>(this._settings, path)).tables;
    } catch (error) {
      const reason = error instanceof PosthogRequestError ? error.reason : String(error);
      console.debug(`PostHog tells no tables to complete: ${reason}`);
      if (reason === 'server_away' || reason === 'host_away' || reason === 'rate_limited') {
        this._tables.delete(path); // the next question may be answered
      }
      return {};
    }
  }

  private readonly _settings: ServerConnection.ISettings;
  private readonly _tables = new Map<string, Promise<Tables>>();
}
