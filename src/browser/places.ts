import { ServerConnection } from '@jupyterlab/services';
import { PosthogRequestError, request } from '../common/request';

/** One project that a connection sees. */
export interface IProject {
  id: number;
  name: string;
  /** The name of its organization. */
  organization: string;
}

/** One connection, as the settings of the server have it; without a host where they cannot be used. */
export interface IConnection {
  name: string;
  host: string;
}

/** Which project the list is of. */
export interface IPlace {
  connection: IConnection;
  project: IProject;
}

/** The connections of the server. */
export interface IConnections {
  default: string | null;
  connections: IConnection[];
}

/** The projects of a connection, and the one to begin with. */
export interface IProjects {
  default_project_id: number;
  projects: IProject[];
}

/** What can be asked about places; nothing of it needs a notebook. */
export interface IPlaceDesk {
  /** Every connection of the server; PostHog is not asked. */
  connections(): Promise<IConnections>;
  /** The projects that a connection sees, as PostHog says. */
  projects(connection: string): Promise<IProjects>;
}

/** The places that the server knows. */
export class PlaceDesk implements IPlaceDesk {
  constructor(settings: ServerConnection.ISettings) {
    this._settings = settings;
  }

  async connections(): Promise<IConnections> {
    const found = await request<IConnections>(this._settings, 'posthog/connections');
    const connections = found.connections.map(({ name, host }) => ({ name, host: host ?? '' }));
    return { default: found.default, connections };
  }

  projects(connection: string): Promise<IProjects> {
    const path = `posthog/connections/${encodeURIComponent(connection)}/projects`;
    return request<IProjects>(this._settings, path);
  }

  private readonly _settings: ServerConnection.ISettings;
}

/**
 * Find the place to begin with: the default connection's own project.
 *
 * @throws PosthogRequestError where nothing is connected, or PostHog does not answer
 */
export async function firstPlace(desk: IPlaceDesk): Promise<IPlace> {
  const found = await desk.connections();
  const connection =
    found.connections.find(other => other.name === found.default) ?? found.connections[0];
  if (!connection) {
    throw new PosthogRequestError({ message: '', reason: 'not_connected', status: 0 });
  }
  return { connection, project: await projectOf(desk, connection.name) };
}

/** Find the project of a connection to begin with. */
export async function projectOf(desk: IPlaceDesk, connection: string): Promise<IProject> {
  const { default_project_id: id, projects } = await desk.projects(connection);
  return projects.find(project => project.id === id) ?? { id, name: '', organization: '' };
}

/** Whether two places are one. */
export function isSamePlace(left: IPlace | null, right: IPlace | null): boolean {
  return left?.connection.name === right?.connection.name && left?.project.id === right?.project.id;
}

/** How a place is called, in one line. */
export function placeName({ connection, project }: IPlace): string {
  const parts = [project.organization, project.name].filter(Boolean).join(' / ');
  return [connection.name, parts || String(project.id)].join(' · ');
}
