import { describe, expect, it } from 'vitest';
import { SidebarMemory } from './memory';
import type { IShelved } from './shelf';

const notebook = (shortId: string, title = shortId): IShelved => ({
  connection: 'box',
  projectId: 1,
  shortId,
  title,
  at: '2026-11-25T10:00:00Z'
});

function memory(kept: unknown) {
  const saved: unknown[] = [];
  const store = {
    fetch: async () => kept,
    save: async (_: string, value: never) => void saved.push(value)
  };
  return { memory: new SidebarMemory(store), saved };
}
const ids = (shelf: readonly IShelved[]) => shelf.map(one => one.shortId);

describe('SidebarMemory', () => {
  it('remembers place and order', async () => {
    const place = {
      connection: { name: 'box', host: 'http://127.0.0.1:1' },
      project: { id: 1, name: 'Web app', organization: 'Acme' }
    };
    const first = memory(undefined);
    await first.memory.load();
    first.memory.remember({ place, sort: 'title', isDescending: false });

    const second = memory(first.saved.at(-1));

    expect(await second.memory.load()).toMatchObject({ place, sort: 'title', isDescending: false });
  });

  it.each([null, 'text', 7, { place: {}, recent: [{}, notebook('a')], trashed: 'x', sort: 'rm' }])(
    'passes over what is no memory: %j',
    async kept => {
      const state = await memory(kept).memory.load();

      expect(state.place).toBeNull();
      expect(state.sort).toBe('last_modified_at');
      expect(state.trashed).toEqual([]);
    }
  );

  it('adds to what is remembered also before that was read', async () => {
    const { memory: one, saved } = memory({
      recent: [notebook('old')],
      trashed: [notebook('gone')]
    });
    one.opened(notebook('new'));

    await one.load();

    expect(ids(one.state.recent)).toEqual(['new', 'old']);
    expect(ids(one.state.trashed)).toEqual(['gone']);
    expect(saved).toHaveLength(1);
  });

  it('moves a notebook from one shelf to the other, with its title', async () => {
    const { memory: one } = memory({ recent: [notebook('a'), notebook('b')] });
    await one.load();

    one.retitled(notebook('a'), 'Renamed');
    one.trashed(notebook('b'));
    one.opened(notebook('a', 'Renamed'));
    expect(one.state.recent).toEqual([notebook('a', 'Renamed')]);
    expect(ids(one.state.trashed)).toEqual(['b']);
    one.restored(notebook('b'));

    expect(one.state.trashed).toEqual([]);
  });
});
