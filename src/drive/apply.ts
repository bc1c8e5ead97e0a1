import type { ICell, IMetadataMap } from './cells';

/** One cell of an open notebook, as far as showing stored text needs it. */
export interface IOpenCell {
  readonly id: string;
  readonly type: string;
  source: string;
  /** Replace our part of the cell's metadata. */
  setPosthog(value: IMetadataMap | undefined): void;
}

/** An open notebook, as far as showing stored cells needs it. */
export interface IOpenNotebook {
  readonly cells: readonly IOpenCell[];
  insert(index: number, cell: ICell): void;
  remove(index: number): void;
  setPosthog(value: IMetadataMap | undefined): void;
}

/** A notebook as it was sent or stored. */
export interface INotebookContent {
  cells: ICell[];
  metadata: IMetadataMap;
}

/**
 * Show what PostHog stored, cell by cell: outputs, scroll and selection stay.
 *
 * A cell that was typed into since the notebook was sent keeps what was typed: it differs from the new base and goes
 * with the next save. A cell that was added since then stays where it is.
 */
export function showStored(
  open: IOpenNotebook,
  sent: INotebookContent,
  stored: INotebookContent
): void {
  const sentById = new Map(sent.cells.map(cell => [cell.id, cell]));
  const storedById = new Map(stored.cells.map(cell => [cell.id, cell]));
  removeGone(open, sentById, storedById);
  for (const cell of open.cells) {
    const now = storedById.get(cell.id);
    if (!now || now.cell_type !== cell.type) {
      continue;
    }
    cell.setPosthog(now.metadata.posthog as IMetadataMap | undefined);
    const was = sentById.get(cell.id);
    if (was && textOf(was) === cell.source && textOf(now) !== cell.source) {
      cell.source = textOf(now);
    }
  }
  insertNew(open, sentById, stored.cells);
  open.setPosthog(stored.metadata.posthog as IMetadataMap | undefined);
}

/** Remove the cells that were sent, were not touched since, and are not stored. */
function removeGone(
  open: IOpenNotebook,
  sent: Map<string, ICell>,
  stored: Map<string, ICell>
): void {
  for (let index = open.cells.length - 1; index >= 0; index--) {
    const cell = open.cells[index];
    const was = cell && sent.get(cell.id);
    if (cell && was && !stored.has(cell.id) && textOf(was) === cell.source && cell.source.trim()) {
      open.remove(index);
    }
  }
}

/** Insert the cells that are stored and were not sent, each behind the one it follows. */
function insertNew(open: IOpenNotebook, sent: Map<string, ICell>, stored: ICell[]): void {
  let before = -1;
  for (const cell of stored) {
    const index = open.cells.findIndex(other => other.id === cell.id);
    if (index >= 0) {
      before = index;
    } else if (!sent.has(cell.id)) {
      before += 1;
      open.insert(before, cell);
    }
  }
}

/** A cell's text; nbformat allows a list of lines. */
export function textOf(cell: ICell): string {
  return Array.isArray(cell.source) ? cell.source.join('') : cell.source;
}
