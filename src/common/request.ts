import { ServerConnection } from '@jupyterlab/services';

/** What a refusal tells besides its sentence. */
export type Facts = Record<string, string | number | boolean | null>;

/** A refusal of the server extension, or of PostHog through it. */
export class PosthogRequestError extends Error {
  constructor(options: {
    message: string;
    reason: string;
    facts?: Facts;
    detail?: string;
    status: number;
  }) {
    super(options.message);
    this.reason = options.reason;
    this.facts = options.facts ?? {};
    this.detail = options.detail ?? '';
    this.status = options.status;
  }
  readonly reason: string;
  readonly facts: Facts;
  readonly detail: string;
  readonly status: number;
}

/**
 * Ask the server extension.
 *
 * @param path - below the server's base URL, such as `posthog/status`
 * @throws PosthogRequestError where the answer is a refusal, or none came
 */
export async function request<T>(
  settings: ServerConnection.ISettings,
  path: string,
  init: RequestInit = {}
): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await ServerConnection.makeRequest(`${settings.baseUrl}${path}`, init, settings);
    text = await response.text(); // An answer can be cut in the middle.
  } catch (error) {
    throw new PosthogRequestError({ message: String(error), reason: 'server_away', status: 0 });
  }
  const value = parse(text);
  if (!response.ok) {
    throw refusal(response.status, value);
  }
  return value as T;
}

/** Read a refusal: of the server extension, or of PostHog (posthog-api.md 3). */
export function refusal(status: number, value: unknown): PosthogRequestError {
  const body = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const detail = String(body.detail ?? '');
  return new PosthogRequestError({
    message: String(body.message ?? (detail || `The server answered ${status}.`)),
    reason: typeof body.reason === 'string' ? body.reason : reasonOf(status, detail),
    facts: { ...(body.facts as Facts | undefined), ...scopeOf(detail), ...waitOf(detail) },
    detail,
    status
  });
}

/** Return any failure as a refusal. */
export function asRefusal(error: unknown): PosthogRequestError {
  return error instanceof PosthogRequestError
    ? error
    : new PosthogRequestError({ message: String(error), reason: 'unexpected', status: 0 });
}

function reasonOf(status: number, detail: string): string {
  switch (status) {
    case 401:
      return 'key_refused';
    case 403:
      return detail.includes('required scope') ? 'missing_scope' : 'access_denied';
    case 404:
      return 'endpoint_missing';
    case 429:
      return 'rate_limited';
    default:
      return status >= 500 ? 'server_failed' : 'request_refused';
  }
}

function scopeOf(detail: string): Facts {
  const found = /required scope '([^']+)'/.exec(detail);
  return found?.[1] ? { scope: found[1] } : {};
}

function waitOf(detail: string): Facts {
  const found = /available in (\d+) second/.exec(detail);
  return found?.[1] ? { wait_s: Number(found[1]) } : {};
}

function parse(text: string): unknown {
  if (!text) {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 200) };
  }
}
