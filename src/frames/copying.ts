import { cellText, Row } from './frameData';

/** A rectangle of cells; both ends are part of it. */
export interface IRange {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
}

/** What copying gives: the text, and how many rows were not here. */
export interface ICopied {
  text: string;
  missing: number;
}

/**
 * Return cells as tab-separated text, as spreadsheets take it; the names of the columns where whole columns are taken.
 *
 * @param rowAt - by the row that is shown, which sorting may have moved
 */
export function copyRange(
  range: IRange,
  columns: readonly string[],
  rowAt: (shown: number) => Row | undefined,
  withHeader: boolean
): ICopied {
  const { firstRow, lastRow, firstColumn, lastColumn } = range;
  const lines = withHeader ? [columns.slice(firstColumn, lastColumn + 1).map(quoted)] : [];
  let missing = 0;
  for (let shown = firstRow; shown <= lastRow; shown++) {
    const row = rowAt(shown);
    if (row) {
      lines.push(row.slice(firstColumn, lastColumn + 1).map(value => quoted(cellText(value))));
    } else {
      missing += 1;
    }
  }
  return { text: lines.map(line => line.join('\t')).join('\n'), missing };
}

function quoted(text: string): string {
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
