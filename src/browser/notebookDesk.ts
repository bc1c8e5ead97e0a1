import { Contents, ServerConnection } from '@jupyterlab/services';
import { barePath, drivePath, INotebookAddress, parsePath } from '../common/paths';
import { PosthogRequestError, refusal, request } from '../common/request';
import { fileNameOf, folderOf, newPath } from '../common/fileNames';

/** A notebook that is open in this page. */
export interface IOpenNotebook {
  rename(fileName: string): Promise<void>;
}

/** A file to keep, as the server made it. */
export interface IExportedFile {
  name: string;
  blob: Blob;
}

/** A file that was to be imported holds no notebook. */
export class NotANotebookError extends Error {
  constructor(readonly fileName: string) {
    super(`${fileName} holds no notebook`);
  }
}

/** The formats in which a notebook can be kept (jupyter_posthog/storage/exporting.py). */
export const EXPORT_FORMATS = ['ipynb', 'markdown', 'html', 'python'] as const;

/** What is done to notebooks, whether or not they are open in this page. */
export class NotebookDesk {
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    contents: Pick<Contents.IManager, 'rename' | 'delete'>;
    /** The notebook as it is open in this page, if it is. */
    findOpen: (address: INotebookAddress) => IOpenNotebook | undefined;
  }) {
    this._settings = options.serverSettings;
    this._contents = options.contents;
    this._findOpen = options.findOpen;
  }

  /** Change the title; an open notebook is renamed where it is. */
  async rename(address: INotebookAddress, title: string): Promise<void> {
    const open = this._findOpen(address);
    if (open) {
      await open.rename(fileNameOf(title));
    } else {
      const path = drivePath(`${folderOf(address)}/${fileNameOf(title)}`);
      await this._contents.rename(drivePath(barePath(address)), path);
    }
  }

  /** Make a copy beside a notebook; answers where it is. */
  async duplicate(address: INotebookAddress): Promise<INotebookAddress> {
    const body = JSON.stringify({ copy_from: barePath(address) });
    const path = contentsPath(folderOf(address));
    const copy = await request<{ path: string }>(this._settings, path, { method: 'POST', body });
    return addressIn(copy.path);
  }

  /** Move a notebook to PostHog's trash. */
  async trash(address: INotebookAddress): Promise<void> {
    await this._contents.delete(drivePath(barePath(address)));
  }

  /** Take a notebook out of the trash; answers its path. */
  async restore(address: INotebookAddress): Promise<string> {
    const path = contentsPath(barePath(address));
    const init = { method: 'PATCH', body: JSON.stringify({ deleted: false }) };
    return (await request<{ path: string }>(this._settings, path, init)).path;
  }

  /**
   * Store the notebook in a file as a new one; answers where it is.
   *
   * @throws NotANotebookError where the file holds none; nothing was sent
   * @throws PosthogRequestError where PostHog refuses it
   */
  async importFile(
    place: Pick<INotebookAddress, 'connection' | 'projectId'>,
    file: Pick<File, 'name' | 'text'>
  ): Promise<INotebookAddress> {
    const content = readNotebook(await file.text(), file.name);
    const title = importedTitle(file.name, content);
    const path = contentsPath(newPath(place.connection, place.projectId, title));
    const body = JSON.stringify({ type: 'notebook', format: 'json', content });
    const stored = await request<{ path: string }>(this._settings, path, { method: 'PUT', body });
    return addressIn(stored.path);
  }

  /** Make a file of a notebook, or one archive of several. */
  async exportFiles(addresses: INotebookAddress[], format: string): Promise<IExportedFile> {
    const [first] = addresses;
    const isOne = addresses.length === 1 && first;
    const path = isOne ? `${partsOf('posthog/files', barePath(first))}?format=${format}` : ARCHIVE;
    const body = JSON.stringify({ paths: addresses.map(barePath), format });
    return this._download(path, isOne ? {} : { method: 'POST', body });
  }

  private async _download(path: string, init: RequestInit): Promise<IExportedFile> {
    const { baseUrl } = this._settings;
    const response = await ServerConnection.makeRequest(`${baseUrl}${path}`, init, this._settings);
    if (!response.ok) {
      throw refusal(response.status, await response.json().catch(() => null));
    }
    const disposition = response.headers.get('Content-Disposition') ?? '';
    const name = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
    return { name: name ? decodeURIComponent(name) : 'notebooks', blob: await response.blob() };
  }

  private readonly _settings: ServerConnection.ISettings;
  private readonly _contents: Pick<Contents.IManager, 'rename' | 'delete'>;
  private readonly _findOpen: (address: INotebookAddress) => IOpenNotebook | undefined;
}

const ARCHIVE = 'posthog/files';

interface INotebookFile {
  cells: unknown[];
  metadata?: { posthog?: { short_id?: unknown } };
}

function readNotebook(text: string, name: string): INotebookFile {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Told below, as any other file that holds no notebook.
  }
  if (
    typeof value === 'object' &&
    value !== null &&
    Array.isArray((value as INotebookFile).cells)
  ) {
    return value as INotebookFile;
  }
  throw new NotANotebookError(name);
}

/** Return the title of an imported file; what an export added to its name is left out. */
function importedTitle(fileName: string, { metadata }: INotebookFile): string {
  const title = fileName.replace(/\.ipynb$/i, '');
  const shortId = metadata?.posthog?.short_id;
  return typeof shortId === 'string' ? title.replace(` [${shortId}]`, '') : title;
}

function addressIn(path: string): INotebookAddress {
  const address = parsePath(path);
  if (!address) {
    throw new PosthogRequestError({
      message: '',
      reason: 'invalid_path',
      facts: { path },
      status: 0
    });
  }
  return address;
}

function contentsPath(path: string): string {
  return partsOf('posthog/contents', path);
}

function partsOf(base: string, path: string): string {
  return [base, ...path.split('/').map(encodeURIComponent)].join('/');
}
