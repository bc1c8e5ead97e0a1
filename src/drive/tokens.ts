import { Token } from '@lumino/coreutils';
import type { INotebookAddress } from '../common/paths';

/** Opens remote notebooks; every way to open one goes through it. */
export interface INotebookOpener {
  /** Open a notebook, or reveal it where it is open already, whatever its path there. */
  open(address: INotebookAddress): Promise<void>;
  /** Create an empty notebook in a project and open it. */
  create(connection: string, projectId: number): Promise<void>;
  /** Whether a notebook is open in this page. */
  isOpen(address: INotebookAddress): boolean;
}

/** The token of the opener. */
export const INotebookOpener = new Token<INotebookOpener>(
  'jupyter-posthog:INotebookOpener',
  'Opens PostHog notebooks: one place per notebook, whatever its title.'
);
