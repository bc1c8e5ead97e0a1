/** Commands that other features call by name; each feature can be switched off alone. */
export const CONNECTION_COMMANDS = {
  connect: 'posthog:connect',
  doctor: 'posthog:doctor'
};

/** Shows the sidebar's list anew. */
export const REFRESH_COMMAND = 'posthog:refresh';

/** Compares the edits of the current notebook with what somebody else saved. */
export const COMPARE_COMMAND = 'posthog:compare-edits';

/** Opens a notebook by its address. */
export const OPEN_COMMAND = 'posthog:open-notebook';

/** The past of a notebook, of a project, and what notebooks say about recordings. */
export const HISTORY_COMMANDS = {
  history: 'posthog:show-history',
  activity: 'posthog:show-activity',
  comments: 'posthog:show-recording-comments'
};
