import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import { MESSAGES, sentence } from './messages';
import { PosthogRequestError, request } from './request';
import { json, testServer } from './testServer';

const trans = nullTranslator.load('jupyter_posthog');

async function refused(answer: Response): Promise<PosthogRequestError> {
  const { settings } = testServer(() => answer);
  return request(settings, 'posthog/status').then(
    () => Promise.reject(new Error('not refused')),
    (error: PosthogRequestError) => error
  );
}

describe('request', () => {
  it('keeps reason, facts and detail of a refusal', async () => {
    const error = await refused(
      json({ message: 'm', reason: 'save_conflict', facts: { editor: 'Grace' }, detail: 'd' }, 409)
    );

    expect(error).toMatchObject({ reason: 'save_conflict', detail: 'd', status: 409 });
    expect(sentence(trans, error)).toContain('Grace saved this notebook');
  });

  it('reads what PostHog itself says about a missing scope', async () => {
    const detail = "API key missing required scope 'notebook:read'";

    const error = await refused(json({ type: 'authentication_error', detail }, 403));

    expect(sentence(trans, error)).toContain('lacks notebook:read');
  });

  it('reads the waiting time', async () => {
    const error = await refused(json({ detail: 'Expected available in 42 seconds.' }, 429));

    expect(error.facts.wait_s).toBe(42);
  });

  it('survives a web page in place of JSON', async () => {
    const error = await refused(new Response('<html>', { status: 502 }));

    expect(error.reason).toBe('server_failed');
  });

  it('says that the server is away', async () => {
    const { settings } = testServer(() => Promise.reject(new TypeError('no network')));

    const error = await request(settings, 'posthog/status').catch((reason: unknown) => reason);

    expect(sentence(trans, error)).toContain('Jupyter server does not answer');
  });
});

describe('messages', () => {
  it.each(Object.keys(MESSAGES))('%s is a sentence without a hole', reason => {
    const error = new PosthogRequestError({ message: '', reason, status: 400 });

    expect(sentence(trans, error)).toMatch(/[.…]$/);
    expect(sentence(trans, error)).not.toMatch(/%\d|undefined|null/);
  });
});
