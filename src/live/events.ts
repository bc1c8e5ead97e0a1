/** What the server tells its pages, as the schemas in jupyter_posthog/event_schemas have it. */

/** Something about one remote notebook. */
export interface INotebookEvent {
  connection: string;
  project_id: number;
  short_id: string;
}

/** PostHog holds another version than before. */
export interface INotebookChanged extends INotebookEvent {
  /** Null where PostHog did not say. */
  version: number | null;
  /** The name of who saved; empty where it is not known. */
  by: string;
  /** Whether this server saved it, for one of its pages. */
  is_own: boolean;
}

/** How changes of a notebook become known. */
export interface INotebookFollowing extends INotebookEvent {
  mode: 'stream' | 'checks' | 'off';
  reason: string | null;
}

/** Who else has the notebook open in PostHog. */
export interface INotebookPresence extends INotebookEvent {
  people: string[];
}

/** How far a save got. */
export interface ISaveState extends INotebookEvent {
  state: 'saving' | 'saved' | 'kept_here' | 'conflict';
  version: number | null;
  reason: string | null;
  merged: number;
  conflicts: number;
  by: string;
}

/** Another client stored blocks as they were before a save of this server. */
export interface IEditsReverted extends INotebookEvent {
  version: number;
  by: string;
  blocks: number;
}

/** How long a remote kernel will live. */
export interface IKernelClock extends INotebookEvent {
  status: string;
  ends_at: string | null;
  price_usd_per_hour: number | null;
  /** Seconds from its start to its end, whatever runs. */
  lifetime_s: number;
  /** How many frames would be lost with it. */
  frames: number;
}

/** PostHog's request limit is used up. */
export interface ILimitPause {
  host: string;
  project_id: number | null;
  ends_at: string;
  wait_s: number;
}

/** Everything that is known of a notebook, for a page that begins or was away. */
export interface IKnownNotebook extends INotebookEvent {
  version: number | null;
  by: string;
  people: string[];
  mode: INotebookFollowing['mode'] | null;
  reason: string | null;
}
