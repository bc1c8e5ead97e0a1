import { barePath, drivePath, INotebookAddress, isSameNotebook, parsePath } from '../common/paths';
import type { IEditedNotebooks, INotebookOpener, IShownVersions } from './tokens';

/** The parts of Lab that opening needs. */
export interface IOpenerHost {
  /** Paths of the notebooks that are open, as Lab holds them. */
  openPaths(): string[];
  /** Show a path that is open already. */
  reveal(path: string): void;
  /** Open a path as a notebook. */
  open(path: string): Promise<void>;
}

/** What the opener asks of the drive. */
export interface IOpenerDrive {
  canonicalPath(path: string): Promise<string>;
  newUntitled(options: { path: string }): Promise<{ path: string }>;
  readonly versions: IShownVersions;
}

/** Opens a notebook in one place, keyed by connection, project and short_id (design.md §3). */
export class NotebookOpener implements INotebookOpener {
  constructor(host: IOpenerHost, drive: IOpenerDrive, edits: IEditedNotebooks) {
    this._host = host;
    this._drive = drive;
    this.edits = edits;
  }

  readonly edits: IEditedNotebooks;

  async open(address: INotebookAddress): Promise<void> {
    const shown = this._pathOf(address);
    if (shown) {
      this._host.reveal(shown);
      return;
    }
    const key = barePath(address);
    // Two clicks in a row are one opening.
    const opening = this._opening.get(key) ?? this._open(address);
    this._opening.set(key, opening);
    try {
      await opening;
    } finally {
      this._opening.delete(key);
    }
  }

  async create(connection: string, projectId: number): Promise<void> {
    const { path } = await this._drive.newUntitled({ path: `${connection}/${projectId}` });
    await this._host.open(drivePath(path));
  }

  get versions(): IShownVersions {
    return this._drive.versions;
  }

  isOpen(address: INotebookAddress): boolean {
    return this._pathOf(address) !== undefined;
  }

  private async _open(address: INotebookAddress): Promise<void> {
    const path = await this._drive.canonicalPath(barePath(address));
    await this._host.open(drivePath(path));
  }

  private _pathOf(address: INotebookAddress): string | undefined {
    return this._host.openPaths().find(path => {
      const other = parsePath(path);
      return other !== null && isSameNotebook(other, address);
    });
  }

  private readonly _host: IOpenerHost;
  private readonly _drive: IOpenerDrive;
  private readonly _opening = new Map<string, Promise<void>>();
}
