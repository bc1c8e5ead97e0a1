import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { INotebookAddress } from '../common/paths';

/** Which versions this page shows. */
export interface IShownVersions {
  /** The version of PostHog that a notebook's cells come from; null where the path is not open. */
  shown(path: string): number | null;
  /** Emitted with a path, without the drive's prefix, when that changes. */
  readonly changed: ISignal<unknown, string>;
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
}

/** The token of the opener. */
export const INotebookOpener = new Token<INotebookOpener>(
  'jupyter-posthog:INotebookOpener',
  'Opens PostHog notebooks: one place per notebook, whatever its title.'
);
