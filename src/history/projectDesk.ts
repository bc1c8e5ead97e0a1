import { ServerConnection } from '@jupyterlab/services';
import { notebooksApi } from '../common/paths';
import { request } from '../common/request';
import type { IDeed } from './words';

/** A project, and the PostHog it is in. */
export interface IProjectPlace {
  connection: string;
  projectId: number;
  /** PostHog's own address. */
  host: string;
}

/** Something that somebody did to a notebook of a project. */
export interface IProjectDeed extends IDeed {
  id: string;
  created_at: string;
  shortId: string;
  name: string;
}

/** A page of what was done in a project; `count` is of all pages. */
export interface IProjectActivity {
  deeds: IProjectDeed[];
  count: number;
}

/** What a notebook says about a moment of a recording. */
export interface IRecordingComment {
  id: string;
  /** From the recording's start, in milliseconds. */
  timeInRecording: number;
  comment: string;
  notebookShortId: string;
  notebookTitle: string | null;
}

/** What the page asks PostHog about a whole project, through the server. */
export interface IProjectDesk {
  /** The project to speak of where a person named none; null where no connection has one. */
  defaultPlace(): Promise<IProjectPlace | null>;
  place(connection: string, projectId: number): Promise<IProjectPlace>;
  activity(place: IProjectPlace, page: number): Promise<IProjectActivity>;
  comments(place: IProjectPlace, recordingId: string): Promise<IRecordingComment[]>;
}

interface IListedConnection {
  name: string;
  host: string;
  project_id: number | null;
}

interface IRawEntry {
  id: string;
  activity: string;
  created_at: string;
  item_id: string | null;
  user: { first_name?: string; email?: string } | null;
  detail: {
    name?: string | null;
    short_id?: string | null;
    changes?: { field?: string | null; before?: unknown; after?: unknown }[] | null;
  } | null;
}

const ENTRIES = 30;

/** The endpoints of PostHog (posthog-api.md 8 and 9), through the server extension. */
export class ProjectDesk implements IProjectDesk {
  constructor(serverSettings: ServerConnection.ISettings) {
    this._settings = serverSettings;
  }

  async defaultPlace(): Promise<IProjectPlace | null> {
    const { connections, default: name } = await this._connections();
    const found = connections.find(one => one.name === name) ?? connections[0];
    return found?.project_id
      ? { connection: found.name, projectId: found.project_id, host: found.host }
      : null;
  }

  async place(connection: string, projectId: number): Promise<IProjectPlace> {
    const { connections } = await this._connections();
    const host = connections.find(one => one.name === connection)?.host ?? '';
    return { connection, projectId, host };
  }

  async activity(place: IProjectPlace, page: number): Promise<IProjectActivity> {
    const path = `${notebooksOf(place)}activity/?limit=${ENTRIES}&page=${page}`;
    const found = await request<{ results: IRawEntry[]; total_count?: number }>(
      this._settings,
      path
    );
    return { deeds: found.results.map(deedOf), count: found.total_count ?? found.results.length };
  }

  async comments(place: IProjectPlace, recordingId: string): Promise<IRecordingComment[]> {
    const query = new URLSearchParams({ recording_id: recordingId });
    const path = `${notebooksOf(place)}recording_comments/?${query.toString()}`;
    const { results } = await request<{ results: IRecordingComment[] }>(this._settings, path);
    return [...results].sort((left, right) => left.timeInRecording - right.timeInRecording);
  }

  private _connections(): Promise<{ default: string | null; connections: IListedConnection[] }> {
    return request(this._settings, 'posthog/connections');
  }

  private readonly _settings: ServerConnection.ISettings;
}

function notebooksOf({ connection, projectId }: IProjectPlace): string {
  return notebooksApi(connection, projectId);
}

function deedOf(entry: IRawEntry): IProjectDeed {
  const changes = entry.detail?.changes ?? [];
  const title = changes.find(change => change.field === 'title');
  return {
    id: entry.id,
    activity: entry.activity,
    by: entry.user?.first_name || entry.user?.email || '',
    created_at: entry.created_at,
    shortId: entry.detail?.short_id || entry.item_id || '',
    name: entry.detail?.name ?? '',
    title: title ? { before: title.before, after: title.after } : null,
    has_content: changes.some(change => change.field === 'content')
  };
}
