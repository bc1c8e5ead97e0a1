import { ServerConnection } from '@jupyterlab/services';
import { notebooksApi } from '../common/paths';
import { request } from '../common/request';
import type { IListPage } from './pages';
import type { IPlace } from './places';

/** Asks for pages of a project's list. */
export interface IListDesk {
  page(place: IPlace, query: URLSearchParams, offset: number, limit: number): Promise<IListPage>;
}

/** The list as the server hands it on from PostHog. */
export class ListDesk implements IListDesk {
  constructor(settings: ServerConnection.ISettings) {
    this._settings = settings;
  }

  page(
    { connection, project }: IPlace,
    query: URLSearchParams,
    offset: number,
    limit: number
  ): Promise<IListPage> {
    const asked = new URLSearchParams({ limit: String(limit), offset: String(offset) });
    query.forEach((value, name) => asked.set(name, value));
    const base = notebooksApi(connection.name, project.id);
    return request<IListPage>(this._settings, `${base}?${asked.toString()}`);
  }

  private readonly _settings: ServerConnection.ISettings;
}
