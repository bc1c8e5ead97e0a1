/** The drive's name, which is also the prefix of its paths. */
export const DRIVE_NAME = 'posthog';

/** Where one remote notebook is. */
export interface INotebookAddress {
  connection: string;
  projectId: number;
  shortId: string;
}

const NOTEBOOK = /^([^/]+)\/(\d+)\/(?:[\s\S]* \[([A-Za-z0-9]{1,12})\]|([A-Za-z0-9]{1,12}))\.ipynb$/;

/** Read a drive path, with or without the drive's prefix; null where it names no notebook. */
export function parsePath(path: string): INotebookAddress | null {
  const found = NOTEBOOK.exec(localPath(path));
  const shortId = found?.[3] ?? found?.[4];
  if (!found?.[1] || !found[2] || !shortId) {
    return null;
  }
  return { connection: found[1], projectId: Number(found[2]), shortId };
}

/** Return a path without the drive's prefix. */
export function localPath(path: string): string {
  return path.startsWith(`${DRIVE_NAME}:`) ? path.slice(DRIVE_NAME.length + 1) : path;
}

/** Return a path with the drive's prefix. */
export function drivePath(path: string): string {
  return `${DRIVE_NAME}:${localPath(path)}`;
}

/** Return the shortest path of a notebook; the server answers with the canonical one. */
export function barePath(address: INotebookAddress): string {
  return `${address.connection}/${address.projectId}/${address.shortId}.ipynb`;
}

/** Return that path as a part of an address on the server. */
export function urlPath(address: INotebookAddress): string {
  return barePath(address).split('/').map(encodeURIComponent).join('/');
}

/** Return where the server passes requests about a project's notebooks on to PostHog. */
export function notebooksApi(connection: string, projectId: number): string {
  return `posthog/@${encodeURIComponent(connection)}/api/projects/${projectId}/notebooks/`;
}

/** Whether two addresses name one notebook. */
export function isSameNotebook(left: INotebookAddress, right: INotebookAddress): boolean {
  return (
    left.connection === right.connection &&
    left.projectId === right.projectId &&
    left.shortId === right.shortId
  );
}

/** Return the notebook that a path, as Lab holds it, names on the drive; null for every other one. */
export function addressOn(path: string): INotebookAddress | null {
  return isOnDrive(path) ? parsePath(path) : null;
}

/** Whether a path, as Lab holds it, is on the drive. */
export function isOnDrive(path: string): boolean {
  return path.startsWith(`${DRIVE_NAME}:`);
}
