import type { ICell, IMetadataMap } from './cells';
import { isSameText, mergeTexts } from './textMerge';

/** One cell of an open notebook, as far as showing stored text needs it. */
export interface IOpenCell {
  readonly id: string;
  readonly type: string;
  source: string;
  /** Replace our part of the cell's metadata. */
  setPosthog(value: IMetadataMap | undefined): void;
  /** Show another cell's outputs in place of its own. */
  takeOutputs(from: ICell): void;
}

/** An open notebook, as far as showing stored cells needs it. */
export interface IOpenNotebook {
  readonly cells: readonly IOpenCell[];
  insert(index: number, cell: ICell): void;
  remove(index: number): void;
  move(from: number, to: number): void;
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
 * What was typed since the notebook was sent stays, merged with what others changed in the same cell; it differs from
 * the new base and goes with the next save. A cell whose text others changed takes the stored outputs.
 *
 * @returns whether it is shown; false where both sides changed the same lines, and then nothing is changed: the base
 *   must stay what it was, so that the next save compares all three
 */
export function showStored(
  open: IOpenNotebook,
  sent: INotebookContent,
  stored: INotebookContent
): boolean {
  const sentById = new Map(sent.cells.map(cell => [cell.id, cell]));
  const storedById = new Map(stored.cells.map(cell => [cell.id, cell]));
  const texts = mergedTexts(open, sentById, storedById);
  if (!texts) {
    return false;
  }
  const isOrderOurs = !isSameOrder(open.cells, sent.cells);
  removeGone(open, sentById, storedById);
  for (const cell of open.cells) {
    const now = storedById.get(cell.id);
    if (!now || now.cell_type !== cell.type) {
      continue;
    }
    cell.setPosthog(now.metadata.posthog as IMetadataMap | undefined);
    const text = texts.get(cell.id);
    if (text !== undefined && text !== cell.source) {
      cell.source = text;
    }
    if (isChanged(sentById.get(cell.id), now)) {
      cell.takeOutputs(now);
    }
  }
  insertNew(open, sentById, stored.cells, isOrderOurs);
  open.setPosthog(stored.metadata.posthog as IMetadataMap | undefined);
  return true;
}

/** The text that each cell is to show; null where a person has to decide. */
function mergedTexts(
  open: IOpenNotebook,
  sent: Map<string, ICell>,
  stored: Map<string, ICell>
): Map<string, string> | null {
  const texts = new Map<string, string>();
  for (const cell of open.cells) {
    const [was, now] = [sent.get(cell.id), stored.get(cell.id)];
    if (!was || !now) {
      continue;
    }
    const base = textOf(was);
    const merged = cell.source === base ? textOf(now) : mergeTexts(base, cell.source, textOf(now));
    if (merged === null || (cell.source !== base && now.cell_type !== cell.type)) {
      return null;
    }
    texts.set(cell.id, merged);
  }
  return texts;
}

/** Remove the cells that were sent, were not touched since, and are not stored, or are another kind of cell now. */
function removeGone(
  open: IOpenNotebook,
  sent: Map<string, ICell>,
  stored: Map<string, ICell>
): void {
  for (let index = open.cells.length - 1; index >= 0; index--) {
    const cell = open.cells[index];
    const was = cell && sent.get(cell.id);
    if (!cell || !was || textOf(was) !== cell.source) {
      continue;
    }
    const now = stored.get(cell.id);
    if (now ? now.cell_type !== cell.type : cell.source.trim()) {
      open.remove(index);
    }
  }
}

/**
 * Insert the cells that are stored and were not sent, or that others changed, each behind the one it follows.
 *
 * @param isOrderOurs - whether a person has moved cells since the notebook was sent; else the stored order is taken
 */
function insertNew(
  open: IOpenNotebook,
  sent: Map<string, ICell>,
  stored: ICell[],
  isOrderOurs: boolean
): void {
  let before = -1;
  for (const cell of stored) {
    const index = open.cells.findIndex(other => other.id === cell.id);
    if (index > before || (index >= 0 && isOrderOurs)) {
      before = index;
    } else if (index >= 0) {
      open.move(index, before);
    } else if (!sent.has(cell.id) || isChanged(sent.get(cell.id), cell)) {
      before += 1;
      open.insert(before, cell);
    }
  }
}

/** Whether others changed a cell that was sent. */
function isChanged(was: ICell | undefined, now: ICell): boolean {
  return (
    was !== undefined && (was.cell_type !== now.cell_type || !isSameText(textOf(was), textOf(now)))
  );
}

function isSameOrder(open: readonly IOpenCell[], sent: ICell[]): boolean {
  const known = new Set(sent.map(cell => cell.id));
  const here = new Set(open.map(cell => cell.id));
  const now = open.filter(cell => known.has(cell.id)).map(cell => cell.id);
  return sent.filter(cell => here.has(cell.id)).every((cell, index) => cell.id === now[index]);
}

/** A cell's text; nbformat allows a list of lines. */
export function textOf(cell: ICell): string {
  return Array.isArray(cell.source) ? cell.source.join('') : cell.source;
}
