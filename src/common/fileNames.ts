import { INotebookAddress, localPath } from './paths';

const SUFFIX = '.ipynb';
const SHORT_ID = / \[[A-Za-z0-9]{1,12}\]$/;
/** What the drive shows in place of a title that is none (jupyter_posthog/storage/paths.py). */
const UNTITLED = 'Untitled';
/** Characters that stand for those which no file name can hold: slashes, control characters. */
const SHOWN = /[∕\u2400-\u241f␡]/g;
/** Names that the drive would take for a notebook that is there: a short_id, alone or behind a title. */
const NAMES_A_NOTEBOOK = /^[A-Za-z0-9]{1,12}$| \[[A-Za-z0-9]{1,12}\]$/;

/** Return the title that a path of the drive shows. */
export function titleIn(path: string): string {
  const name = localPath(path).split('/').pop() ?? '';
  const title = name.replace(/\.ipynb$/, '').replace(SHORT_ID, '');
  return title === UNTITLED ? '' : title.replace(SHOWN, turnedBack);
}

/** Return the file name by which the drive is told a title. */
export function fileNameOf(title: string): string {
  return `${title.replaceAll('/', '∕') || UNTITLED}${SUFFIX}`;
}

/** Return the path of a new notebook, without the drive's prefix; a name that could be a notebook's own gets a space, which the server drops. */
export function newPath(connection: string, projectId: number, title: string): string {
  const name = NAMES_A_NOTEBOOK.test(title) ? `${title} ` : title;
  return `${folderOf({ connection, projectId })}/${fileNameOf(name)}`;
}

/** Return the folder of a project, without the drive's prefix. */
export function folderOf(place: Pick<INotebookAddress, 'connection' | 'projectId'>): string {
  return `${place.connection}/${place.projectId}`;
}

function turnedBack(shown: string): string {
  if (shown === '∕') {
    return '/';
  }
  return shown === '␡' ? '\x7f' : String.fromCharCode(shown.charCodeAt(0) - 0x2400);
}
