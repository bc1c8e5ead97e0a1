/** A person as PostHog names one. */
export interface IPerson {
  uuid?: string;
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

/** Whoever PostHog does not name these levels for may write (posthog-api.md 2.5). */
const WRITERS = ['editor', 'manager'];

/** Return a person's name as a row shows it; empty where PostHog does not say. */
export function nameOf(person: IPerson | null): string {
  return [person?.first_name, person?.last_name].filter(Boolean).join(' ') || person?.email || '';
}

/** Return who changed a notebook last, as far as PostHog says. */
export function editorOf(row: INotebookRow): string {
  return nameOf(row.last_modified_by ?? row.created_by);
}

/** Whether this person may only look at a notebook. */
export function isViewOnly(row: INotebookRow): boolean {
  const level = row.user_access_level;
  return level !== null && level !== undefined && !WRITERS.includes(level);
}

/** The people who made the rows, each once, by name. */
export function authorsOf(rows: readonly (INotebookRow | undefined)[]): IPerson[] {
  const found = new Map<string, IPerson>();
  for (const row of rows) {
    const person = row?.created_by;
    if (person?.uuid) {
      found.set(person.uuid, person);
    }
  }
  return [...found.values()].sort((left, right) => nameOf(left).localeCompare(nameOf(right)));
}
