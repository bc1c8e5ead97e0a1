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

/** Whether two addresses name one notebook. */
export function isSameNotebook(left: INotebookAddress, right: INotebookAddress): boolean {
  return (
    left.connection === right.connection &&
    left.projectId === right.projectId &&
    left.shortId === right.shortId
  );
}

/** Whether a path, as Lab holds it, is on the drive. */
export function isOnDrive(path: string): boolean {
  return path.startsWith(`${DRIVE_NAME}:`);
}
