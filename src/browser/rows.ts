/** A person as PostHog names one. */
export interface IPerson {
  first_name?: string;
  last_name?: string;
  email?: string;
}

/** One row of PostHog's list (posthog-api.md 6.2). */
export interface INotebookRow {
  short_id: string;
  title: string | null;
  created_at: string;
  created_by: IPerson | null;
  last_modified_at: string;
  last_modified_by: IPerson | null;
  user_access_level?: string | null;
}

/** Return the rows with one that was just saved on top, as in PostHog's own order. */
export function withChange(
  rows: INotebookRow[],
  row: INotebookRow,
  change: { by: string; at: string }
): INotebookRow[] {
  const editor = change.by ? { first_name: change.by } : row.last_modified_by;
  const changed = { ...row, last_modified_at: change.at, last_modified_by: editor };
  return [changed, ...rows.filter(other => other !== row)];
}
