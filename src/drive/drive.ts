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

/** A save whose answer holds what PostHog stored in place of what was sent. */
export interface IStoredDifferently {
  /** Path without the drive's prefix. */
  path: string;
  sent: unknown;
  stored: unknown;
}

/** A save that was refused; nothing of it was stored. */
export interface IRefusedSave {
  path: string;
  error: PosthogRequestError;
}

/**
 * The drive `posthog:`: Jupyter's contents protocol with PostHog behind it.
 *
 * The base of a save is the version that the page shows (design.md §6): it is kept here per path and sent with each
 * save. What PostHog stored in place of what was sent is shown first (`showStored`), and only then becomes the base.
 */
export class PostHogDrive extends Drive {
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    /** Shows what PostHog stored. */
    showStored?: (stored: IStoredDifferently) => void;
    /** Tells the person; what it throws is what Lab sees of the refusal. */
    explainRefusal?: (refused: IRefusedSave) => Promise<never>;
  }) {
    super({ name: DRIVE_NAME, apiEndpoint: CONTENTS, serverSettings: options.serverSettings });
    this._showStored = options.showStored;
    this._explainRefusal = options.explainRefusal;
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
    // Lab compares hashes, whether or not it asks for one.
    const query = options.content === false ? '?content=0&hash=1' : '?hash=1';
    const model = await this._ask(this._target(path), {}, query);
    if (model.type === 'notebook' && options.content !== false) {
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
    const { type, format, content } = options;
    const body = { type, format, content, base_version: this.baseVersion(path) };
    const model = await this._saved(path, body);
    if (model.content) {
      this._showStored?.({ path: localPath(path), sent: content, stored: model.content });
    }
    this._remember(path, model);
    const answer = named(path, { ...model, content: null, format: null });
    this._changed.emit({ type: 'save', oldValue: null, newValue: answer });
    return answer;
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

  private async _saved(path: string, body: object): Promise<IPostHogModel> {
    try {
      const target = this._target(path);
      const model = await this._ask(target, { method: 'PUT', body: JSON.stringify(body) });
      if (parsePath(target)?.shortId !== parsePath(model.path)?.shortId) {
        this._created.set(target, model.path);
      }
      return model;
    } catch (error) {
      if (error instanceof PosthogRequestError && this._explainRefusal) {
        return this._explainRefusal({ path: localPath(path), error });
      }
      throw error;
    }
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
  private readonly _showStored?: (stored: IStoredDifferently) => void;
  private readonly _explainRefusal?: (refused: IRefusedSave) => Promise<never>;
}

const CONTENTS = 'posthog/contents';

function address(path: string): string {
  return path ? `${CONTENTS}/${URLExt.encodeParts(path)}` : CONTENTS;
}

/** Return a model under the path that the page holds it by, so that Lab finds its own notebook again. */
function named(path: string, model: IPostHogModel): IPostHogModel {
  const local = localPath(path);
  return model.type === 'directory'
    ? model
    : { ...model, path: local, name: local.split('/').pop() ?? model.name };
}
