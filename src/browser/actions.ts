import type { INotebookAddress } from '../common/paths';
import type { IFilters } from './filters';
import type { IPlace } from './places';
import type { INotebookRow } from './rows';
import type { IShelved } from './shelf';

/** What a person can do in the sidebar beside looking. */
export interface ISidebarActions {
  open(address: INotebookAddress): void;
  create(): void;
  importFiles(): void;
  rename(row: INotebookRow, title: string): void;
  restore(notebook: IShelved): void;
  refresh(): void;
  filter(change: Partial<IFilters>): void;
  clearFilters(): void;
  /** Menus open below the button that was pressed. */
  choosePlace(anchor: HTMLElement): void;
  chooseAuthor(anchor: HTMLElement): void;
  chooseSince(anchor: HTMLElement): void;
  chooseContains(anchor: HTMLElement): void;
  chooseSort(anchor: HTMLElement): void;
  /** Opens the dialog for another connection; null where there is none. */
  connect: (() => void) | null;
  /** Opens the page that says what works and why not; null where there is none. */
  examine: (() => void) | null;
}

/** What is known of notebooks beside the list. */
export interface INotebookMarks {
  isOpen(address: INotebookAddress): boolean;
  isRunning(address: INotebookAddress): boolean;
}

/** Return where the notebook of a row is. */
export function addressOf(place: IPlace, row: INotebookRow): INotebookAddress {
  return { connection: place.connection.name, projectId: place.project.id, shortId: row.short_id };
}
