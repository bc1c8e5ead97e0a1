import type { IConnectionStatus, IInstallation } from './report';

/** A connection with a full key, as the server tells it; for tests only. */
export const FULL: IConnectionStatus = {
  name: 'us',
  host: 'https://us.posthog.com',
  given_host: '',
  sources: { host: 'the request' },
  default_project_id: 1,
  is_ok: true,
  reason: null,
  message: null,
  facts: {},
  user: { name: 'Ada Lovelace', email: 'ada@hedgebox.example' },
  projects: [{ id: 1, name: 'Web app', organization: 'Hedgebox' }],
  credential: { kind: 'personal_api_key', last4: 'ab12', label: 'jupyter' },
  scopes: {
    held: ['notebook:read'],
    needed: { 'notebook:read': true, 'notebook:write': false, 'activity_log:read': false }
  },
  capabilities: {
    kernel_control: { state: 'no', reason: 'key_not_supported', remedy: 'No.' },
    list: { state: 'yes', reason: null, remedy: null },
    write: { state: 'no', reason: 'missing_scope', remedy: 'This key lacks notebook:write.' },
    query: { state: 'unknown', reason: 'host_away', remedy: 'Try again.' }
  },
  contact: {
    duration_ms: 112,
    clock_skew_s: 0,
    tls_version: 'TLSv1.3',
    certificate_until: 'Dec 1 2026'
  },
  pauses: {}
};

/** A machine on which everything is in its place; for tests only. */
export const MACHINE: IInstallation = {
  versions: { 'jupyter-posthog': '0.1.0', jupyterlab: '4.6.4' },
  kernels: ['posthog'],
  has_labextension: true,
  is_labextension_enabled: true,
  is_server_extension_enabled: true,
  proxies: {},
  certificates: {}
};
