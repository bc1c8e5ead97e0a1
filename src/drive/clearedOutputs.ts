import type { IMetadataMap } from './cells';

/** A cell whose metadata can be read and set, as Lab's cell models can. */
export interface ICellWithMetadata {
  getMetadata(key: string): unknown;
  setMetadata(key: string, value: unknown): void;
}

/**
 * Mark a cell whose output a person cleared, so that a save clears the stored result too.
 *
 * Having no output is not enough for that: a cell that just runs, or waits for its turn, has none either.
 */
export function markCleared(cell: ICellWithMetadata): void {
  const own = cell.getMetadata('posthog') as IMetadataMap | undefined;
  if (own) {
    cell.setMetadata('posthog', { ...own, cleared: true });
  }
}

/** Take the mark off a cell that is run again. */
export function unmarkCleared(cell: ICellWithMetadata): void {
  const own = cell.getMetadata('posthog') as IMetadataMap | undefined;
  if (own && 'cleared' in own) {
    const rest = Object.entries(own).filter(([name]) => name !== 'cleared');
    cell.setMetadata('posthog', Object.fromEntries(rest));
  }
}
