import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { INotebookAddress } from '../common/paths';
import type { PosthogRequestError } from '../common/request';

/** Which versions this page shows. */
export interface IShownVersions {
  /** The version of PostHog that a notebook's cells come from; null where the path is not open. */
  shown(path: string): number | null;
  /** Emitted with a path, without the drive's prefix, when that changes. */
  readonly changed: ISignal<unknown, string>;
}

/** One cell that a save would change. */
export interface ICellChange {
  cell_id: string;
  /** Counted from 1; null for a cell that was deleted. */
  cell_number: number | null;
  kind: string;
}

/** Edits that met somebody else's. */
export interface IMetConflict {
  /** The version that PostHog held then. */
  storedVersion: number | null;
  by: string;
}

/** Where the edits of one open notebook are. */
export interface IEditsState {
  /** `kept`: on this machine, because the last save did not arrive. */
  phase: 'saved' | 'saving' | 'edited' | 'kept' | 'conflict' | 'view_only';
  /** What a save would change; null where that is not known. */
  changes: ICellChange[] | null;
  /** Why the notebook cannot be saved as it is; an English sentence of the server. */
  refusal: string;
  /** Why the last save did not arrive. */
  failure: PosthogRequestError | null;
  /** Whether a person had asked for that save. */
  isAsked: boolean;
  conflict: IMetConflict | null;
  /** What the disk of the server said to the draft; empty where it is on it. */
  problem: string;
}

/** Edits as they are kept on the server. */
export interface IKeptEdits {
  /** The draft's id. */
  id: string;
  content: unknown;
  /** The number of that state in this page. */
  revision: number;
}

/** The edits of one open notebook: where they are, and what can be done with them. */
export interface INotebookEdits {
  /** Names the open panel; its draft bears this name. */
  readonly pageId: string;
  readonly path: string;
  readonly address: INotebookAddress | null;
  readonly state: IEditsState;
  readonly changed: ISignal<unknown, IEditsState>;
  /** A person should be asked about a conflict. */
  readonly conflictMet: ISignal<unknown, void>;
  readonly isDisposed: boolean;
  readonly disposed: ISignal<unknown, void>;
  /** Settles once the notebook is shown. */
  readonly ready: Promise<void>;
  /** Keep what the page shows on the server; null where that failed. */
  keep(): Promise<IKeptEdits | null>;
  /** Save as a person does who presses the key for it. */
  save(): Promise<void>;
  /** Show what PostHog holds where nothing was typed here; answers whether it is shown. */
  takeStored(): Promise<boolean>;
  /** Drop what the page shows for what PostHog holds. */
  revert(): Promise<void>;
  /** Show what came of edits that were kept: what PostHog stored, null where it is what was kept. */
  resolved(kept: IKeptEdits, stored: unknown, version: number | null): void;
  /** PostHog holds another version than the one the conflict was about: saving may try again. */
  retryAfter(version: number | null): void;
  /** PostHog answers again: what was kept here may be there already. */
  redelivered(): Promise<void>;
}

/** The notebooks of the drive that this page has open. */
export interface IEditedNotebooks {
  readonly open: readonly INotebookEdits[];
  readonly opened: ISignal<unknown, INotebookEdits>;
  /** The edits of the notebook that is open under a path, as Lab holds it. */
  of(path: string): INotebookEdits | undefined;
}

/** Opens remote notebooks; every way to open one goes through it. */
export interface INotebookOpener {
  /** Open a notebook, or reveal it where it is open already, whatever its path there. */
  open(address: INotebookAddress): Promise<void>;
  /** Create an empty notebook in a project and open it. */
  create(connection: string, projectId: number): Promise<void>;
  /** Whether a notebook is open in this page. */
  isOpen(address: INotebookAddress): boolean;
  /** Which versions this page shows. */
  readonly versions: IShownVersions;
  /** The edits of what is open. */
  readonly edits: IEditedNotebooks;
}

/** The token of the opener. */
export const INotebookOpener = new Token<INotebookOpener>(
  'jupyter-posthog:INotebookOpener',
  'Opens PostHog notebooks: one place per notebook, whatever its title.'
);
