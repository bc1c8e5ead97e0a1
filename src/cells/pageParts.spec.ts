import type { ICellModel } from '@jupyterlab/cells';
import { describe, expect, it, vi } from 'vitest';
import { json, testServer } from '../common/testServer';
import { CellStates } from './cellStates';
import { frameNames, namesOf, nodeIdOf, setResultName, setTitle } from './codeCell';
import { Connections } from './connections';
import { ProjectSchemas } from './projectSchemas';
import { draftOf, variableOf } from './variables';

const ADDRESS = { connection: 'env', projectId: 1, shortId: 'aB3' };

/** A code cell as far as names go. */
function cell(source: string, posthog: object = {}): ICellModel & { text: () => string } {
  const metadata: Record<string, unknown> = { posthog };
  let text = source;
  const sharedModel = {
    getSource: () => text,
    updateSource: (start: number, end: number, value: string) => {
      text = text.slice(0, start) + value + text.slice(end);
    }
  };
  return {
    id: 'c1',
    type: 'code',
    sharedModel,
    getMetadata: (key: string) => metadata[key],
    setMetadata: (key: string, value: unknown) => {
      metadata[key] = value;
    },
    text: () => text
  } as unknown as ICellModel & { text: () => string };
}

describe('the names of a code cell', () => {
  it('stand in metadata for Python', () => {
    const model = cell('1', { node_id: 'n1', return_variable: 'df' });

    setResultName(model, '');
    setTitle(model, 'Orders');

    expect(namesOf(model)).toMatchObject({ language: 'python', title: 'Orders', name: '' });
    expect(model.getMetadata('posthog')).toEqual({
      node_id: 'n1',
      return_variable: '',
      title: 'Orders'
    });
    setTitle(model, '');
    expect(namesOf(model).title).toBe('');
    expect(model.text()).toBe('1');
  });

  it('stand in the first line for SQL', () => {
    const model = cell('%%hogql orders\nSELECT 1', { return_variable: 'other' });

    setResultName(model, 'sales');

    expect(model.text()).toBe('%%hogql sales\nSELECT 1');
    expect(namesOf(model)).toMatchObject({ language: 'hogql', name: 'sales' });
    expect(model.getMetadata('posthog')).toEqual({ return_variable: 'other' });
  });

  it('are told once each, and an empty cell has none', () => {
    const cells = [cell('%%hogql a\nx'), cell('1'), cell('2'), cell(' '), cell('%%duckdb -\nx')];

    expect(frameNames(cells)).toEqual(['a', 'df']);
  });

  it('survive metadata that is none', () => {
    const model = cell('1', [] as unknown as object);

    expect([namesOf(model).name, nodeIdOf(model)]).toEqual([null, 'c1']);
  });
});

describe('the states of cells', () => {
  const state = { node_id: 'n1', status: 'stale', dataframe_name: 'a', depends_on: ['n0'] };

  it('are asked for once for several reasons in a row', async () => {
    vi.useFakeTimers();
    const { settings, asked } = testServer(() => json({ version: 3, cells: [state] }));
    const states = new CellStates({ serverSettings: settings, address: ADDRESS, delayMs: 10 });

    states.refresh();
    states.refresh();
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    await vi.waitFor(() => expect(states.version).toBe(3));

    expect(asked.map(({ url }) => url)).toEqual([
      expect.stringContaining(
        'posthog/@env/api/projects/1/notebooks/aB3/sql_v2/state/?detail=compact'
      )
    ]);
    expect([states.of('n1'), states.isFresh('n1')]).toEqual([state, false]);
  });

  it('are not asked for again where PostHog has no such thing', async () => {
    const { settings, asked } = testServer(() => json({ detail: 'Not found.' }, 404));
    const states = new CellStates({ serverSettings: settings, address: ADDRESS, delayMs: 0 });

    await states.read();
    states.refresh();
    await new Promise(next => requestAnimationFrame(next));

    expect([asked.length, states.version]).toEqual([1, null]);
  });
});

describe('tables of a project', () => {
  it('are asked for once, and a refusal is none', async () => {
    const { settings, asked } = testServer(() => json({ reason: 'missing_scope' }, 403));
    const schemas = new ProjectSchemas(settings);

    const both = await Promise.all([schemas.of(ADDRESS), schemas.of(ADDRESS)]);

    expect([both, asked.length]).toEqual([[{}, {}], 1]);
  });

  it('are asked for again after PostHog was away', async () => {
    const answers = [json({ reason: 'host_away' }, 503), json({ tables: { t: [['c', 'x']] } })];
    const { settings } = testServer(() => answers.shift() ?? json({}));
    const schemas = new ProjectSchemas(settings);

    expect(await schemas.of(ADDRESS)).toEqual({});
    expect(await schemas.of(ADDRESS)).toEqual({ t: [['c', 'x']] });
  });
});

describe('connections', () => {
  const answer = {
    default: 'eu',
    connections: [
      { name: 'eu', host: 'https://eu.posthog.com', project_id: 7 },
      { name: 'broken', reason: 'no_credential' }
    ]
  };

  it('tell where they lead, asked for once', async () => {
    const { settings, asked } = testServer(() => json(answer));
    const connections = Connections.of(settings);
    const told = new Promise<void>(done => connections.changed.connect(() => done()));

    expect([connections.hostOf('eu'), connections.hostOf('eu'), connections.home]).toEqual([
      null,
      null,
      null
    ]);
    await told;

    expect(connections.hostOf('eu')).toBe('https://eu.posthog.com');
    expect(connections.home).toEqual({ connection: 'eu', projectId: 7 });
    expect(connections.hostOf('broken')).toBeNull();
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});

describe('a variable as it is typed', () => {
  it.each([
    ['number', ' 7.5 ', 7.5],
    ['number', 'many', 'many'],
    ['number', '', ''],
    ['boolean', 'true', true],
    ['boolean', 'yes', 'yes'],
    ['string', ' kept ', ' kept '],
    ['date', ' 2026-01-01 ', '2026-01-01']
  ])('%s %j is %j', (type, text, value) => {
    expect(variableOf({ name: ' a ', type, text })).toEqual({ name: 'a', type, value });
  });

  it('comes back as it was', () => {
    const variable = { name: 'a', type: 'boolean', value: false };

    expect(variableOf(draftOf(variable))).toEqual(variable);
  });
});
