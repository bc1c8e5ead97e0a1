import { describe, expect, it, vi } from 'vitest';
import { PosthogRequestError } from '../common/request';
import { BrowserModel } from './model';
import type { IListPage } from './pages';
import type { IConnection, IPlace } from './places';
import type { INotebookRow } from './rows';
import { relativeTime } from '../common/time';

const BOX: IConnection = { name: 'box', host: 'http://127.0.0.1:1' };
const EU: IConnection = { name: 'eu', host: 'https://eu.posthog.com' };
const WEB = { id: 1, name: 'Web app', organization: 'Acme' };
const PLACE: IPlace = { connection: BOX, project: WEB };
const OTHER: IPlace = { connection: BOX, project: { ...WEB, id: 2, name: 'Mobile' } };

const row = (short_id: string) => ({ short_id, title: short_id }) as INotebookRow;
const page = (count: number, ...ids: string[]): IListPage => ({ count, results: ids.map(row) });
const refused = (reason: string) =>
  new PosthogRequestError({ message: '', reason, facts: {}, status: 0 });

interface IAsked {
  place: IPlace;
  query: string;
  offset: number;
}

function browser(
  list: (asked: IAsked) => IListPage | Promise<IListPage>,
  connections: IConnection[] = [BOX]
) {
  const asked: IAsked[] = [];
  const ofPlaces: string[] = [];
  const model = new BrowserModel({
    list: {
      page: async (place, query, offset) => {
        const one = { place, query: query.toString(), offset };
        asked.push(one);
        return list(one);
      }
    },
    places: {
      connections: async () => {
        ofPlaces.push('connections');
        return { default: connections[0]?.name ?? null, connections };
      },
      projects: async name => {
        ofPlaces.push(`projects of ${name}`);
        return { default_project_id: 1, projects: [WEB] };
      }
    },
    pageSize: 2,
    searchDelayMs: 0,
    now: () => 1000
  });
  return { model, asked, ofPlaces, connections };
}

/** An answer that the test gives when it likes. */
function later<T>() {
  let give: (value: T) => void = () => undefined;
  const promise = new Promise<T>(next => (give = next));
  return { promise, give };
}

const ids = (model: BrowserModel) => model.state.rows.map(one => one?.short_id ?? null);

describe('BrowserModel', () => {
  it('lists the project of the default connection', async () => {
    const { model } = browser(() => page(3, 'a', 'b'));

    await model.start(null);

    expect(model.state.place).toEqual(PLACE);
    expect(ids(model)).toEqual(['a', 'b', null]);
  });

  it('needs one request for the first rows where it knows its place', async () => {
    const first = later<IListPage>();
    const { model, asked, ofPlaces } = browser(() => first.promise);

    void model.start(PLACE);

    expect(asked).toEqual([{ place: PLACE, query: '', offset: 0 }]);
    expect(ofPlaces).toEqual(['connections']); // of the server itself, beside it
    first.give(page(1, 'a'));
  });

  it('fetches the pages that are looked at, and those near them, once', async () => {
    const { model, asked } = browser(({ offset }) => page(100, `n${offset}`, `n${offset + 1}`));
    await model.start(PLACE);

    await Promise.all([model.show(50, 51), model.show(50, 51)]);
    await model.show(50, 51);

    expect(asked.map(({ offset }) => offset)).toEqual([0, 48, 50, 52]);
    expect(model.state.rows[50]?.short_id).toBe('n50');
    expect(model.state.count).toBe(100);
  });

  it('looks again at what is in view only', async () => {
    const { model, asked } = browser(({ offset }) => page(100, `n${offset}`, `n${offset + 1}`));
    await model.start(PLACE);
    await model.show(50, 51);
    asked.length = 0;

    await model.revisit();

    expect(asked.map(({ offset }) => offset)).toEqual([50]);
  });

  it('searches on the server, with the filters that are on', async () => {
    const { model, asked } = browser(() => page(1, 'a'));
    await model.start(PLACE);
    await model.filter({ isMine: true, contains: 'recording' });

    model.search(' funnel ');

    await vi.waitFor(() =>
      expect(asked.at(-1)?.query).toBe('search=funnel&user=true&contains=recording%3Atrue')
    );
  });

  it('shows the answer to the last question only', async () => {
    const first = later<IListPage>();
    const { model } = browser(({ query }) =>
      query.includes('one') ? first.promise : page(1, query || 'all')
    );
    await model.start(PLACE);
    const asking = model.filter({ search: 'one' });
    await model.filter({ search: 'two' });

    first.give(page(1, 'late'));
    await asking;

    expect(ids(model)).toEqual(['search=two']);
  });

  it('never shows rows of the project that was left in the middle of a load', async () => {
    const old = later<IListPage>();
    const { model } = browser(({ place }) =>
      place.project.id === 1 ? old.promise : page(1, 'of the other')
    );
    const starting = model.start(PLACE);
    const shown: unknown[] = [];
    model.changed.connect((_, state) => shown.push(...state.rows));

    await model.goTo(OTHER);
    old.give(page(1, 'of the old one'));
    await starting;

    expect(ids(model)).toEqual(['of the other']);
    expect(shown).not.toContainEqual(row('of the old one'));
  });

  it('keeps no row of the old project while the new one is awaited', async () => {
    const next = later<IListPage>();
    const { model } = browser(({ place }) =>
      place.project.id === 1 ? page(1, 'a') : next.promise
    );
    await model.start(PLACE);

    const going = model.goTo(OTHER);

    expect(model.state.rows).toEqual([]);
    expect(model.state.count).toBeNull();
    next.give(page(0));
    await going;
  });

  it('keeps the rows of before beside an error, and says since when nothing answers', async () => {
    const answers = [page(1, 'a')];
    const { model } = browser(() => answers.shift() ?? Promise.reject(refused('host_away')));
    await model.start(PLACE);

    await model.refresh();

    expect(ids(model)).toEqual(['a']);
    expect(model.state).toMatchObject({ awaySinceMs: 1000, updatedAtMs: 1000 });
    expect(model.state.error?.reason).toBe('host_away');
  });

  it('says that nothing is connected', async () => {
    const { model } = browser(() => page(0), []);

    await model.start(null);

    expect(model.state.error?.reason).toBe('not_connected');
    expect(model.state.isLoading).toBe(false);
  });

  it('falls back to another connection where the shown one was removed, and says so', async () => {
    const { model, connections } = browser(() => page(1, 'a'), [BOX, EU]);
    await model.start(PLACE);
    connections.shift();

    await model.refresh();

    expect(model.state.place?.connection).toEqual(EU);
    expect(model.state.lostConnection).toBe('box');
    expect(ids(model)).toEqual(['a']);
  });

  it('falls back where PostHog’s own refusal tells that the connection is gone', async () => {
    const { model } = browser(
      ({ place }) =>
        place.connection.name === 'old' ? Promise.reject(refused('unknown_connection')) : page(0),
      [BOX]
    );

    await model.start({ connection: { name: 'old', host: 'https://old' }, project: WEB });

    expect(model.state.place?.connection.name).toBe('box');
    expect(model.state.lostConnection).toBe('old');
  });

  it('shows who just saved a listed notebook, on top, without a request', async () => {
    const { model, asked } = browser(() => page(2, 'a', 'b'));
    await model.start(PLACE);
    const before = asked.length;
    const address = { connection: 'box', projectId: 1, shortId: 'b' };

    model.showChange({ address, by: 'Grace', at: '2026-11-25T10:00:00Z' });
    model.showChange({ address: { ...address, projectId: 2 }, by: 'Ada', at: '' });
    model.showChange({ address: { ...address, shortId: 'c' }, by: 'Ada', at: '' });

    expect(ids(model)).toEqual(['b', 'a']);
    expect(model.state.rows[0]?.last_modified_by).toEqual({ first_name: 'Grace' });
    expect(model.state.lastChange).toEqual({ title: 'b', by: 'Grace' });
    expect(asked).toHaveLength(before);
  });

  it('leaves a changed notebook where another order puts it', async () => {
    const { model } = browser(() => page(2, 'a', 'b'));
    await model.start(PLACE, { sort: 'title', isDescending: false });

    const address = { connection: 'box', projectId: 1, shortId: 'b' };
    model.showChange({ address, by: 'Grace', at: '2026-11-25T10:00:00Z' });

    expect(ids(model)).toEqual(['a', 'b']);
  });

  it('shows a new title and a removal at once', async () => {
    const { model } = browser(() => page(2, 'a', 'b'));
    await model.start(PLACE);
    const address = { connection: 'box', projectId: 1, shortId: 'a' };

    model.showTitle({ ...address, shortId: 'b' }, 'Renamed');
    model.showRemoval(address);

    expect(model.state.rows).toEqual([{ ...row('b'), title: 'Renamed' }]);
    expect(model.state.count).toBe(1);
  });

  it('shows the pause of its own limit beside the rows, and no other', async () => {
    const { model } = browser(() => page(1, 'a'));
    await model.start(PLACE);

    model.showPause({ host: 'http://elsewhere', projectId: null, waitS: 9 });
    model.showPause({ host: BOX.host, projectId: 2, waitS: 9 });
    expect(model.state.error).toBeNull();
    model.showPause({ host: BOX.host, projectId: 1, waitS: 23.4 });

    expect(model.state.error?.facts).toEqual({ wait_s: 24 });
    expect(ids(model)).toEqual(['a']);
  });

  it('finds its place though the page size was set meanwhile', async () => {
    const { model } = browser(() => page(1, 'a'));

    const starting = model.start(null);
    model.pageSize = 50;
    await starting;

    expect(ids(model)).toEqual(['a']);
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
