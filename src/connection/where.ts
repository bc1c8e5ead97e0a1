import type { INewConnection } from './desk';

/** Where a person's PostHog is. */
export type WhereChoice = 'us' | 'eu' | 'other';

const CLOUD_HOSTS = { us: 'https://us.posthog.com', eu: 'https://eu.posthog.com' };
/** PostHog's page for making keys; its presets name other products, so none is linked. */
const KEYS_PAGE = '/settings/user-api-keys';

/** What a key needs for everything that this extension does. */
export const NEEDED_SCOPES = [
  'notebook:read',
  'notebook:write',
  'query:read',
  'user:read',
  'project:read',
  'organization:read',
  'activity_log:read'
];

/** Return what the server is asked for. */
export function wantedConnection(where: WhereChoice, host: string, key: string): INewConnection {
  return where === 'other'
    ? { host: host.trim(), key: key.trim() }
    : { region: where, key: key.trim() };
}

/** Return where a key is made; null while no usable address is given. */
export function keysPage(where: WhereChoice, host: string): string | null {
  if (where !== 'other') {
    return `${CLOUD_HOSTS[where]}${KEYS_PAGE}`;
  }
  try {
    const { origin, protocol } = new URL(host.trim());
    return protocol === 'https:' || protocol === 'http:' ? `${origin}${KEYS_PAGE}` : null;
  } catch {
    return null;
  }
}
