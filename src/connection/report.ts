import type { Facts } from '../common/request';

/** Whether one thing can be done, and if not, why and what helps. */
export interface ICapability {
  state: 'yes' | 'no' | 'unknown';
  reason: string | null;
  /** The server's own sentence. */
  remedy: string | null;
}

/** One connection as PostHog answered about it (`posthog/connections/NAME`). */
export interface IConnectionStatus {
  name: string;
  host: string;
  /** The address that was given, where it only takes events. */
  given_host: string;
  sources: Record<string, string>;
  default_project_id: number | null;
  is_ok: boolean;
  reason: string | null;
  message: string | null;
  facts: Facts;
  user: { name: string; email: string } | null;
  projects: { id: number; name: string; organization: string }[];
  credential: { kind: string; last4: string | null; label: string } | null;
  scopes: { held: string[]; needed: Record<string, boolean> } | null;
  capabilities: Record<string, ICapability>;
  contact: {
    duration_ms: number;
    clock_skew_s: number | null;
    tls_version: string | null;
    certificate_until: string | null;
  } | null;
  /** Seconds that are left, by whose limit is used up. */
  pauses: Record<string, number>;
}

/** What is installed and enabled on the machine of the server. */
export interface IInstallation {
  versions: Record<string, string>;
  kernels: string[];
  has_labextension: boolean;
  is_labextension_enabled: boolean;
  is_server_extension_enabled: boolean;
  proxies: Record<string, string>;
  certificates: Record<string, boolean>;
}

/** Everything that decides whether PostHog works here (`posthog/status`). */
export interface IReport {
  default: string | null;
  connections: IConnectionStatus[];
  /** Sentences about files of settings that cannot be read. */
  problems: string[];
  installation: IInstallation;
}
