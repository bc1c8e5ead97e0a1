import { Contents, Drive, ServerConnection } from '@jupyterlab/services';
import { URLExt } from '@jupyterlab/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import { DRIVE_NAME, localPath, parsePath } from '../common/paths';
import { PosthogRequestError, request } from '../common/request';
import type { IShownVersions } from './tokens';

/** A model as the server gives and takes it: with the version that the page shows. */
export interface IPostHogModel extends Contents.IModel {
  base_version?: number | null;
}

/** An open notebook, as far as its saves need it. */
export interface ISavingPage {
  /** Names the open panel, whose draft this is. */
  readonly pageId: string;
  /** Called before a save is sent; a rejection keeps it here. Answers what to send in place of what Lab took. */
  willSave(): Promise<unknown>;
  /** Show what PostHog stored in place of what was sent; answers whether it is shown. */
  show(sent: unknown, stored: unknown): boolean;
  /** Called once the answer is the base. */
  didSave(): void;
  /** Called where nothing was stored; answers what Lab sees of it. */
  refused(error: PosthogRequestError): Error;
  /** Called when Lab loads the notebook, again or for the first time. */
  willLoad(): void;
}

/**
 * The drive `posthog:`: Jupyter's contents protocol with PostHog behind it.
 *
 * The base of a save is the version that the page shows (design.md §6): it is kept here per path and sent with each
 * save. What PostHog stored in place of what was sent is shown first, and only then becomes the base.
 */
export class PostHogDrive extends Drive {
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    /** Gives the notebook that is open under a path, without the drive's prefix. */
    pageOf?: (path: string) => ISavingPage | undefined;
  }) {
    super({ name: DRIVE_NAME, apiEndpoint: CONTENTS, serverSettings: options.serverSettings });
    this._pageOf = options.pageOf ?? (() => undefined);
  }

  /** Emitted after each change that was made through this drive. */
  get fileChanged(): ISignal<this, Contents.IChangedArgs> {
    return this._changed;
  }

  /** Which versions this page shows, for those who watch. */
  get versions(): IShownVersions {
    return { shown: path => this.baseVersion(path), changed: this._shownChanged };
  }

  /** The version that the page shows of a notebook, or null where it shows none. */
  baseVersion(path: string): number | null {
    return this._known.get(localPath(path))?.base_version ?? null;
  }

  /** Fetch a model; what Lab asks before and after each save is answered from what is known. */
  async get(path: string, options: Contents.IFetchOptions = {}): Promise<Contents.IModel> {
    const known = this._known.get(localPath(path));
    if (known && options.hash && !options.content) {
      return known;
    }
    // Lab compares hashes of files, whether or not it asks for one; a folder has none, and Jupyter answers 500 for it.
    const hash = path.endsWith('.ipynb') ? ['hash=1'] : [];
    const query = [...(options.content === false ? ['content=0'] : []), ...hash].join('&');
    const model = await this._ask(this._target(path), {}, query && `?${query}`);
    if (model.type === 'notebook' && options.content !== false) {
      this._pageOf(localPath(path))?.willLoad();
      this._remember(path, model);
    }
    return named(path, model);
  }

  /** Ask the server for the one canonical path of a notebook. */
  async canonicalPath(path: string): Promise<string> {
    return (await this._ask(localPath(path), {}, '?content=0')).path;
  }

  /** Save what the page shows, on the version it shows. */
  async save(path: string, options: Partial<Contents.IModel> = {}): Promise<Contents.IModel> {
    const page = this._pageOf(localPath(path));
    const content = (await page?.willSave()) ?? options.content;
    const base = this.baseVersion(path);
    const { type, format } = options;
    // Lab uploads a large file in numbered pieces.
    const { chunk } = options as { chunk?: number };
    const body = { type, format, content, chunk, base_version: base, page_id: page?.pageId };
    try {
      const model = await this._put(path, body);
      const isShown = !model.content || page?.show(content, model.content) !== false;
      this._remember(path, isShown ? model : { ...model, base_version: base });
      page?.didSave();
      const answer = named(path, { ...model, content: null, format: null });
      this._changed.emit({ type: 'save', oldValue: null, newValue: answer });
      return answer;
    } catch (error) {
      throw page ? page.refused(asRefusal(error)) : error;
    }
  }

  /** What PostHog holds now; the page shows what it showed before. */
  fetchStored(path: string): Promise<IPostHogModel> {
    return this._ask(this._target(path));
  }

  /** The page shows another version now. What Lab knows of the file stays: it asks no questions about that. */
  moveBase(path: string, version: number | null): void {
    const known = this._known.get(localPath(path));
    if (known && version !== null) {
      this._remember(path, { ...known, base_version: version });
    }
  }

  /** Create an empty notebook in a project: `<connection>/<project_id>`. */
  async newUntitled(options: Contents.ICreateOptions = {}): Promise<Contents.IModel> {
    const body = JSON.stringify({ type: 'notebook' });
    const model = await this._ask(localPath(options.path ?? ''), { method: 'POST', body });
    this._changed.emit({ type: 'new', oldValue: null, newValue: model });
    return model;
  }

  /** Rename a notebook: its title changes, its identity stays. */
  async rename(oldPath: string, newPath: string): Promise<Contents.IModel> {
    const base = this._known.get(localPath(oldPath));
    const body = JSON.stringify({ path: localPath(newPath) });
    const model = await this._ask(localPath(oldPath), { method: 'PATCH', body });
    this._known.delete(localPath(oldPath));
    if (base) {
      this._remember(model.path, { ...model, base_version: base.base_version });
    }
    this._changed.emit({ type: 'rename', oldValue: { path: localPath(oldPath) }, newValue: model });
    return model;
  }

  /** Move a notebook to the trash. */
  async delete(path: string): Promise<void> {
    await request(this.serverSettings, address(localPath(path)), { method: 'DELETE' });
    this._known.delete(localPath(path));
    this._changed.emit({ type: 'delete', oldValue: { path: localPath(path) }, newValue: null });
  }

  /** Where a notebook can be downloaded as a file. */
  async getDownloadUrl(path: string): Promise<string> {
    return URLExt.join(
      this.serverSettings.baseUrl,
      'posthog/files',
      URLExt.encodeParts(localPath(path))
    );
  }

  /** Versions are PostHog's own; Lab's checkpoints cost no request. */
  async createCheckpoint(): Promise<Contents.ICheckpointModel> {
    return { id: 'posthog', last_modified: new Date().toISOString() };
  }

  /** There are no checkpoints to choose from. */
  async listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return [];
  }

  private async _put(path: string, body: object): Promise<IPostHogModel> {
    const target = this._target(path);
    const model = await this._ask(target, { method: 'PUT', body: JSON.stringify(body) });
    if (parsePath(target)?.shortId !== parsePath(model.path)?.shortId) {
      this._created.set(target, model.path);
    }
    return model;
  }

  /** The path to ask for: a notebook that was saved under a new name has its identity since then. */
  private _target(path: string): string {
    const local = localPath(path);
    return this._created.get(local) ?? local;
  }

  private _ask(path: string, init: RequestInit = {}, query = ''): Promise<IPostHogModel> {
    return request<IPostHogModel>(this.serverSettings, `${address(path)}${query}`, init);
  }

  private _remember(path: string, model: IPostHogModel): void {
    this._known.set(localPath(path), named(path, { ...model, content: null, format: null }));
    this._shownChanged.emit(localPath(path));
  }

  private readonly _created = new Map<string, string>();
  private readonly _known = new Map<string, IPostHogModel>();
  private readonly _changed = new Signal<this, Contents.IChangedArgs>(this);
  private readonly _shownChanged = new Signal<this, string>(this);
  private readonly _pageOf: (path: string) => ISavingPage | undefined;
}

const CONTENTS = 'posthog/contents';

function address(path: string): string {
  return path ? `${CONTENTS}/${URLExt.encodeParts(path)}` : CONTENTS;
}

function asRefusal(error: unknown): PosthogRequestError {
  if (error instanceof PosthogRequestError) {
    return error;
  }
  console.error('A save ended unexpectedly.', error);
  return new PosthogRequestError({ message: String(error), reason: 'unexpected', status: 0 });
}

/** Return a model under the path that the page holds it by, so that Lab finds its own notebook again. */
function named(path: string, model: IPostHogModel): IPostHogModel {
  const local = localPath(path);
  return model.type === 'directory'
    ? model
    : { ...model, path: local, name: local.split('/').pop() ?? model.name };
}
