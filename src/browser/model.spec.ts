import { describe, expect, it, vi } from 'vitest';
import { IAskedRequest, json, testServer } from '../common/testServer';
import { BrowserModel, IBrowserState } from './model';
import { relativeTime } from '../common/time';

const CONNECTION = {
  name: 'box',
  host: 'http://127.0.0.1:1',
  default_project_id: 1,
  is_ok: true,
  reason: null,
  message: null,
  facts: {},
  projects: [{ id: 1, name: 'Web app', organization: 'Acme' }]
};

function browser(list: (asked: IAskedRequest) => Response, connections: object[] = [CONNECTION]) {
  const server = testServer(asked =>
    asked.url.includes('posthog/status') ? json({ default: 'box', connections }) : list(asked)
  );
  const model = new BrowserModel({
    serverSettings: server.settings,
    pageSize: 2,
    searchDelayMs: 0
  });
  return { model, asked: server.asked };
}

const row = (short_id: string) => ({ short_id, title: short_id });
const page = (count: number, ...ids: string[]) => json({ count, results: ids.map(row) });
const ids = (state: IBrowserState) => state.rows.map(one => one.short_id);

describe('BrowserModel', () => {
  it('lists the default project and asks for the next page by its offset', async () => {
    const { model, asked } = browser(({ url }) =>
      url.includes('offset=2') ? page(3, 'c') : page(3, 'a', 'b')
    );

    await model.refresh();
    await model.loadMore();
    await model.loadMore();

    expect(ids(model.state)).toEqual(['a', 'b', 'c']);
    expect(asked.filter(({ url }) => url.includes('/notebooks/'))).toHaveLength(2);
    expect(asked[1]?.url).toContain('posthog/@box/api/projects/1/notebooks/?limit=2&offset=0');
  });

  it('searches on the server', async () => {
    const { model, asked } = browser(() => page(1, 'a'));
    await model.refresh();

    model.search(' funnel ');

    await vi.waitFor(() => expect(asked.at(-1)?.url).toContain('search=funnel'));
  });

  it('keeps the rows of before beside an error', async () => {
    const answers = [page(1, 'a'), json({ detail: 'x' }, 503)];
    const { model } = browser(() => answers.shift() ?? page(0));
    await model.refresh();

    await model.refresh();

    expect(ids(model.state)).toEqual(['a']);
    expect(model.state.error?.reason).toBe('server_failed');
  });

  it.each([
    ['not_connected', []],
    ['key_refused', [{ ...CONNECTION, is_ok: false, reason: 'key_refused', message: 'm' }]]
  ])('says %s', async (reason, connections) => {
    const { model } = browser(() => page(0), connections);

    await model.refresh();

    expect(model.state.error?.reason).toBe(reason);
    expect(model.state.isLoading).toBe(false);
  });

  it('shows who just saved a listed notebook, on top, without a request', async () => {
    const { model, asked } = browser(() => page(2, 'a', 'b'));
    await model.refresh();
    const before = asked.length;
    const address = { connection: 'box', projectId: 1, shortId: 'b' };

    model.showChange({ address, by: 'Grace', at: '2026-11-25T10:00:00Z' });
    model.showChange({ address: { ...address, projectId: 2 }, by: 'Ada', at: '' });
    model.showChange({ address: { ...address, shortId: 'c' }, by: 'Ada', at: '' });

    expect(ids(model.state)).toEqual(['b', 'a']);
    expect(model.state.rows[0]?.last_modified_by).toEqual({ first_name: 'Grace' });
    expect(asked).toHaveLength(before);
  });

  it('shows the pause of its own limit beside the rows, and no other', async () => {
    const { model } = browser(() => page(1, 'a'));
    await model.refresh();

    model.showPause({ host: 'http://elsewhere', projectId: null, waitS: 9 });
    model.showPause({ host: CONNECTION.host, projectId: 2, waitS: 9 });
    expect(model.state.error).toBeNull();
    model.showPause({ host: CONNECTION.host, projectId: 1, waitS: 23.4 });

    expect(model.state.error?.facts).toEqual({ wait_s: 24 });
    expect(ids(model.state)).toEqual(['a']);
  });

  it('shows the answer to the last question only', async () => {
    let answerFirst: (response: Response) => void = () => undefined;
    const first = new Promise<Response>(next => (answerFirst = next));
    const { settings, asked } = testServer(({ url }) => {
      if (url.includes('posthog/status')) {
        return json({ default: 'box', connections: [CONNECTION] });
      }
      return url.includes('search=two')
        ? page(1, 'two')
        : url.includes('search=one')
          ? first
          : page(0);
    });
    const model = new BrowserModel({ serverSettings: settings, pageSize: 2, searchDelayMs: 0 });
    await model.refresh();
    model.search('one');
    await vi.waitFor(() => expect(asked.at(-1)?.url).toContain('search=one'));
    model.search('two');
    await vi.waitFor(() => expect(ids(model.state)).toEqual(['two']));

    answerFirst(page(1, 'one'));
    await first;

    expect(ids(model.state)).toEqual(['two']);
  });
});

describe('relativeTime', () => {
  it.each([
    ['2026-11-24T09:59:30Z', 'this minute'],
    ['2026-11-24T08:00:00Z', '2 hr. ago'],
    ['2026-11-23T08:00:00Z', 'yesterday'],
    ['nonsense', '']
  ])('%s', (moment, words) => {
    expect(relativeTime(moment, Date.parse('2026-11-24T10:00:00Z'), 'en')).toBe(words);
  });
});
