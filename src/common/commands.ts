/** Commands that other features call by name; each feature can be switched off alone. */
export const CONNECTION_COMMANDS = {
  connect: 'posthog:connect',
  doctor: 'posthog:doctor'
};

/** Shows the sidebar's list anew. */
export const REFRESH_COMMAND = 'posthog:refresh';
