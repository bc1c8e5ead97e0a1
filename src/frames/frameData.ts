/** The MIME type of a frame's first rows (jupyter_posthog/document/outputs/frames.py). */
export const FRAME_MIME_TYPE = 'application/vnd.posthog.dataframe+json';

/** One row; a value is any JSON. */
export type Row = readonly unknown[];

/** The notebook whose kernel made a frame. */
export interface IFrameNotebook {
  connection: string;
  project_id: number;
  short_id: string;
}

/** The first rows of a frame, as an output holds them. */
export interface IFrame {
  columns: readonly string[];
  /** The type of each column, in the words of ClickHouse, DuckDB or pandas; empty where nobody told it. */
  types: readonly string[];
  rows: readonly Row[];
  /** Of the whole frame; null where it is not known. */
  rowCount: number | null;
  /** Empty where the frame has none, so that nothing can ask for more of it. */
  name: string;
  runId: string | null;
  notebook: IFrameNotebook | null;
  /** What else is to be said, such as that a query had no LIMIT. */
  note: string;
}

/** Read the data of an output, which anybody can have written; null where it is no frame. */
export function readFrame(value: unknown): IFrame | null {
  const data = record(value);
  if (!Array.isArray(data.columns) || !Array.isArray(data.rows)) {
    return null;
  }
  const columns = data.columns.map(String);
  const rows = data.rows.filter((row): row is unknown[] => Array.isArray(row));
  const isWhole = data.has_more === false;
  return {
    columns,
    types: typesOf(data.types, columns),
    rows,
    rowCount: count(data.row_count) ?? (isWhole ? rows.length : null),
    name: text(data.name),
    runId: text(data.run_id) || null,
    notebook: notebookOf(data.notebook),
    note: text(data.note)
  };
}

/** Return the type of each column; pairs of name and type, of which a name can stand twice. */
export function typesOf(types: unknown, columns: readonly string[]): string[] {
  const pairs = Array.isArray(types) ? types : [];
  return columns.map((column, index) => {
    const pair: unknown = pairs[index];
    return Array.isArray(pair) && String(pair[0]) === column ? text(pair[1]) : '';
  });
}

/** Return one value as people read it, on one line. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function notebookOf(value: unknown): IFrameNotebook | null {
  const { connection, project_id: projectId, short_id: shortId } = record(value);
  return typeof connection === 'string' && typeof shortId === 'string' && count(projectId) !== null
    ? { connection, project_id: Number(projectId), short_id: shortId }
    : null;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
