import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { INotebookAddress } from './paths';

/** Commands that other features call by name; each feature can be switched off alone. */
export const CONNECTION_COMMANDS = {
  connect: 'posthog:connect',
  doctor: 'posthog:doctor'
};

/** Shows the sidebar's list anew. */
export const REFRESH_COMMAND = 'posthog:refresh';

/** Compares the edits of the current notebook with what somebody else saved. */
export const COMPARE_COMMAND = 'posthog:compare-edits';

/** The past of a notebook, of a project, and what notebooks say about recordings. */
export const HISTORY_COMMANDS = {
  history: 'posthog:show-history',
  activity: 'posthog:show-activity',
  comments: 'posthog:show-recording-comments'
};

/** What can be done with notebooks, from the list, a tab, or anywhere by arguments. */
export const NOTEBOOK_COMMANDS = {
  open: 'posthog:open-notebook',
  openReference: 'posthog:open-reference',
  openInPostHog: 'posthog:open-in-posthog',
  copyLink: 'posthog:copy-link',
  create: 'posthog:new-notebook',
  importFiles: 'posthog:import-files',
  rename: 'posthog:rename',
  duplicate: 'posthog:duplicate',
  trash: 'posthog:move-to-trash',
  restore: 'posthog:restore',
  exportFiles: 'posthog:export'
};

/** What can be done with the sidebar itself. */
export const SIDEBAR_COMMANDS = {
  show: 'posthog:show-panel',
  search: 'posthog:search',
  refresh: REFRESH_COMMAND,
  filter: 'posthog:filter-list',
  goTo: 'posthog:choose-project',
  connectAnother: 'posthog:connect-another'
};

/** Name a notebook in the arguments of a command. */
export function argumentsOf(address: INotebookAddress): ReadonlyPartialJSONObject {
  return {
    connection: address.connection,
    project_id: address.projectId,
    short_id: address.shortId
  };
}
