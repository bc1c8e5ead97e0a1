import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';

/** What is known of the cells of one open notebook. */
export interface INotebookView {
  /** Ask PostHog anew how fresh the cells are; false where it does not tell. */
  readStates(): Promise<boolean>;
  /** The code cells whose result is missing, or older than what it is made of. */
  readonly outOfDate: Cell[];
}

/** The notebooks that this page has open, and what is known of their cells. */
export interface INotebookViews {
  of(panel: NotebookPanel): INotebookView | undefined;
}

/** The token of the views. */
export const INotebookViews = new Token<INotebookViews>(
  'jupyter-posthog:INotebookViews',
  'Tells which cells of an open notebook are stale.'
);
