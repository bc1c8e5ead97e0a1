/** Commands that other features call by name; each feature can be switched off alone. */
export const CONNECTION_COMMANDS = {
  connect: 'posthog:connect',
  doctor: 'posthog:doctor'
};

/** Shows the sidebar's list anew. */
export const REFRESH_COMMAND = 'posthog:refresh';

/** Compares the edits of the current notebook with what somebody else saved. */
export const COMPARE_COMMAND = 'posthog:compare-edits';
