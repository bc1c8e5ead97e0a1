import { ISignal, Signal } from '@lumino/signaling';
import type { INotebookAddress } from '../common/paths';
import type { SortField } from './filters';
import type { IPlace } from './places';
import { IShelved, put, retitled, without } from './shelf';

/** What the sidebar remembers from one page to the next. */
export interface IMemory {
  place: IPlace | null;
  sort: SortField;
  isDescending: boolean;
  /** Which sections below the list are open. */
  isRecentOpen: boolean;
  isTrashOpen: boolean;
  recent: readonly IShelved[];
  /** What was moved to the trash from here; PostHog lists no trash. */
  trashed: readonly IShelved[];
}

/** Where it is kept; Lab's state database has this form. */
export interface IMemoryStore {
  fetch(id: string): Promise<unknown>;
  save(id: string, value: never): Promise<unknown>;
}

const ID = 'jupyter-posthog:sidebar';
const BLANK: IMemory = {
  place: null,
  sort: 'last_modified_at',
  isDescending: true,
  isRecentOpen: false,
  isTrashOpen: false,
  recent: [],
  trashed: []
};

/** Remembers where a person was in the sidebar and what they did there. */
export class SidebarMemory {
  constructor(store: IMemoryStore | null) {
    this._store = store;
  }

  get state(): IMemory {
    return this._state;
  }

  get changed(): ISignal<this, IMemory> {
    return this._changed;
  }

  /** Read what is remembered; anything that is no memory of ours is passed over. */
  async load(): Promise<IMemory> {
    const found = await this._store?.fetch(ID).catch(() => null);
    this._state = { ...BLANK, ...readMemory(found) };
    this._isLoaded = true;
    const waiting = this._waiting.splice(0);
    waiting.forEach(change => this._change(change));
    this._changed.emit(this._state);
    return this._state;
  }

  remember(change: Partial<IMemory>): void {
    this._change(() => change);
  }

  opened(notebook: IShelved): void {
    this._change(({ recent }) => ({ recent: put(recent, notebook) }));
  }

  trashed(notebook: IShelved): void {
    this._change(({ recent, trashed }) => ({
      recent: without(recent, notebook),
      trashed: put(trashed, notebook)
    }));
  }

  restored(address: INotebookAddress): void {
    this._change(({ trashed }) => ({ trashed: without(trashed, address) }));
  }

  retitled(address: INotebookAddress, title: string): void {
    this._change(({ recent, trashed }) => ({
      recent: retitled(recent, address, title),
      trashed: retitled(trashed, address, title)
    }));
  }

  /** Changes that come before what is remembered was read wait for it: else they would replace it. */
  private _change(change: (state: IMemory) => Partial<IMemory>): void {
    if (!this._isLoaded) {
      this._waiting.push(change);
      return;
    }
    this._state = { ...this._state, ...change(this._state) };
    this._changed.emit(this._state);
    void this._store?.save(ID, this._state as never).catch(() => undefined);
  }

  private readonly _store: IMemoryStore | null;
  private readonly _changed = new Signal<this, IMemory>(this);
  private _state = BLANK;
  private _isLoaded = false;
  private readonly _waiting: ((state: IMemory) => Partial<IMemory>)[] = [];
}

function readMemory(value: unknown): Partial<IMemory> {
  if (typeof value !== 'object' || value === null) {
    return {};
  }
  const found = value as Partial<Record<keyof IMemory, unknown>>;
  const kept: Partial<IMemory> = {};
  if (isPlace(found.place)) {
    kept.place = found.place;
  }
  if (['last_modified_at', 'created_at', 'title'].includes(String(found.sort))) {
    kept.sort = found.sort as SortField;
    kept.isDescending = found.isDescending !== false;
  }
  kept.isRecentOpen = found.isRecentOpen === true;
  kept.isTrashOpen = found.isTrashOpen === true;
  kept.recent = Array.isArray(found.recent) ? found.recent.filter(isShelved) : [];
  kept.trashed = Array.isArray(found.trashed) ? found.trashed.filter(isShelved) : [];
  return kept;
}

function isPlace(value: unknown): value is IPlace {
  const place = value as IPlace | null | undefined;
  return (
    typeof place?.connection?.name === 'string' &&
    typeof place.connection.host === 'string' &&
    typeof place.project?.id === 'number' &&
    typeof place.project.name === 'string' &&
    typeof place.project.organization === 'string'
  );
}

function isShelved(value: unknown): value is IShelved {
  const one = value as IShelved | null | undefined;
  return (
    typeof one?.connection === 'string' &&
    typeof one.projectId === 'number' &&
    typeof one.shortId === 'string' &&
    typeof one.title === 'string' &&
    typeof one.at === 'string'
  );
}
