import { describe, expect, it, vi } from 'vitest';
import { PosthogRequestError } from '../common/request';
import { json, testServer } from '../common/testServer';
import { ConnectModel } from './connectModel';
import { ConnectionDesk } from './desk';
import { DoctorModel } from './doctorModel';
import { FULL, MACHINE } from './testReport';
import { keysPage, wantedConnection } from './where';

const KEY = 'phx_canary';

function desk(answers: Record<string, () => Response>) {
  const { settings, asked } = testServer(({ method, url }) => {
    const path = new URL(url).pathname.replace('/posthog/', '');
    return answers[`${method} ${path}`]?.() ?? json({ message: 'odd' }, 500);
  });
  return { desk: new ConnectionDesk(settings), asked };
}

describe('ConnectModel', () => {
  it('adds the connection, then finds out what it may do, and keeps no key', async () => {
    const { desk: one, asked } = desk({
      'POST connections': () => json({ name: 'us' }, 201),
      'GET connections/us': () => json(FULL)
    });
    const model = new ConnectModel(one);
    const phases: string[] = [];
    model.changed.connect((_, { phase }) => phases.push(phase));
    const connected = vi.fn();
    model.connected.connect((_, name) => connected(name));

    const hasArrived = await model.connect({ region: 'us', key: KEY });
    await vi.waitFor(() => expect(model.state.phase).toBe('known'));

    expect(hasArrived).toBe(true);
    expect(phases).toEqual(['trying', 'asking', 'known']);
    expect(connected).toHaveBeenCalledWith('us');
    expect(model.state.status?.user?.name).toBe('Ada Lovelace');
    expect(JSON.stringify(model.state)).not.toContain(KEY);
    expect(asked.filter(({ body }) => JSON.stringify(body).includes(KEY))).toHaveLength(1);
    expect(asked.filter(({ url }) => url.includes(KEY))).toEqual([]);
  });

  it('says why it did not work; the server has had the key', async () => {
    const refusal = { message: 'm', reason: 'key_refused', facts: {} };
    const { desk: one } = desk({ 'POST connections': () => json(refusal, 403) });
    const model = new ConnectModel(one);

    expect(await model.connect({ region: 'us', key: KEY })).toBe(true);

    expect(model.state).toMatchObject({ phase: 'form', error: { reason: 'key_refused' } });
  });

  it('leaves the key in its field where the Jupyter server did not answer', async () => {
    const away = new PosthogRequestError({ message: '', reason: 'server_away', status: 0 });
    const model = new ConnectModel({
      add: () => Promise.reject(away),
      test: vi.fn(),
      remove: vi.fn(),
      examine: vi.fn()
    });

    expect(await model.connect({ host: 'https://posthog.example.com', key: KEY })).toBe(false);
  });
});

describe('DoctorModel', () => {
  const report = { default: 'us', connections: [FULL], problems: [], installation: MACHINE };

  it('asks about everything, and about one connection again', async () => {
    const { desk: one } = desk({
      'GET status': () => json(report),
      'GET connections/us': () => json({ ...FULL, host: 'https://eu.posthog.com' })
    });
    const model = new DoctorModel(one);

    await model.refresh();
    await model.test('us');

    expect(model.state.report?.connections[0]?.host).toBe('https://eu.posthog.com');
    expect(model.state).toMatchObject({ isAsking: false, testing: [], error: null });
  });

  it('removes a connection and asks again', async () => {
    const { desk: one, asked } = desk({
      'GET status': () => json({ ...report, connections: [] }),
      'DELETE connections/us': () => new Response(null, { status: 204 })
    });
    const model = new DoctorModel(one);

    await model.remove('us');

    expect(model.state.report?.connections).toEqual([]);
    expect(asked.map(({ method }) => method)).toEqual(['DELETE', 'GET']);
  });

  it('keeps what it knows beside a refusal', async () => {
    const refusal = {
      message: 'm',
      reason: 'connection_not_stored',
      facts: { name: 'env', source: 'the environment' }
    };
    const { desk: one } = desk({
      'GET status': () => json(report),
      'DELETE connections/env': () => json(refusal, 400)
    });
    const model = new DoctorModel(one);
    await model.refresh();

    await model.remove('env');

    expect(model.state.error?.reason).toBe('connection_not_stored');
    expect(model.state.report?.connections).toHaveLength(1);
  });
});

describe('where a PostHog is', () => {
  it('is a region, or an address of its own', () => {
    expect(wantedConnection('eu', 'left over', ` ${KEY} `)).toEqual({ region: 'eu', key: KEY });
    expect(wantedConnection('other', ' https://a.example ', KEY)).toEqual({
      host: 'https://a.example',
      key: KEY
    });
  });

  it.each([
    ['us', '', 'https://us.posthog.com/settings/user-api-keys'],
    ['other', 'https://a.example/project/1', 'https://a.example/settings/user-api-keys'],
    ['other', 'a.exam', null],
    ['other', 'javascript:alert(1)', null]
  ] as const)('%s %s leads to the page for keys', (where, host, page) => {
    expect(keysPage(where, host)).toBe(page);
  });
});
