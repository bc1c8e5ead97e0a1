import { describe, expect, it, vi } from 'vitest';
import { PosthogRequestError } from '../common/request';
import { json, testServer } from '../common/testServer';
import { ISavingPage, PostHogDrive } from './drive';

const PATH = 'env/1/Funnel [aB3].ipynb';

function model(changes: object = {}): object {
  return {
    name: 'Funnel [aB3].ipynb',
    path: PATH,
    type: 'notebook',
    writable: true,
    created: '2026-11-24T10:00:00Z',
    last_modified: '2026-11-24T10:00:00Z',
    mimetype: null,
    content: null,
    format: null,
    hash: '3',
    hash_algorithm: 'posthog-version',
    base_version: 3,
    ...changes
  };
}

function page(changes: Partial<ISavingPage> = {}): ISavingPage {
  return {
    pageId: 'page-1',
    willSave: () => Promise.resolve(undefined),
    show: () => true,
    didSave: () => undefined,
    refused: error => error,
    willLoad: () => undefined,
    ...changes
  };
}

const OPEN = { content: { cells: [] }, format: 'json' };

describe('PostHogDrive', () => {
  it('answers what Lab asks around a save from what it knows', async () => {
    const { settings, asked } = testServer(() => json(model(OPEN)));
    const drive = new PostHogDrive({ serverSettings: settings });
    await drive.get(PATH, { content: true });

    const probe = await drive.get(PATH, { content: false, hash: true });

    expect(probe).toMatchObject({ hash: '3', content: null });
    expect(await drive.listCheckpoints()).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('sends the version that the page shows, and moves on with the answer', async () => {
    const answers = [
      model(OPEN),
      model({ base_version: 4, hash: '4' }),
      model({ base_version: 5, hash: '5' })
    ];
    const { settings, asked } = testServer(() => json(answers.shift()));
    const drive = new PostHogDrive({ serverSettings: settings });
    await drive.get(PATH, { content: true });

    await drive.save(PATH, { type: 'notebook', format: 'json', content: { cells: [] } });
    await drive.save(PATH, { type: 'notebook', format: 'json', content: { cells: [] } });

    expect(
      asked.slice(1).map(({ body }) => (body as { base_version: number }).base_version)
    ).toEqual([3, 4]);
    expect(drive.baseVersion(PATH)).toBe(5);
  });

  it('asks for no hash of a folder, which has none', async () => {
    const { settings, asked } = testServer(() => json(model({ type: 'directory', path: 'env/1' })));
    const drive = new PostHogDrive({ serverSettings: settings });

    await drive.get('env/1', { content: false });
    await drive.get('env/1');

    expect(asked.map(({ url }) => url).filter(url => url.includes('hash'))).toEqual([]);
  });

  it('asks for the hash that Lab compares around a save', async () => {
    const { settings, asked } = testServer(() => json(model(OPEN)));
    const drive = new PostHogDrive({ serverSettings: settings });

    await drive.get(PATH, { content: false });
    await drive.get(PATH);

    const hashes = asked.map(({ url }) => new URL(url).searchParams.get('hash'));
    expect(hashes).toEqual(['1', '1']);
  });

  it('sends the pieces of a large file with their numbers', async () => {
    const { settings, asked } = testServer(() => json(model({ base_version: null })));
    const drive = new PostHogDrive({ serverSettings: settings });
    const piece = { type: 'file', format: 'base64', content: 'e30=', chunk: 1 } as const;

    await drive.save('env/1/Large.ipynb', piece);

    expect((asked[0]?.body as { chunk: number }).chunk).toBe(1);
  });

  it('shows what was stored before it becomes the base', async () => {
    const stored = { cells: [{ id: 'a' }] };
    const answers = [model(OPEN), model({ content: stored, format: 'json', base_version: 4 })];
    const { settings, asked } = testServer(() => json(answers.shift()));
    const seen: [unknown, number | null][] = [];
    const drive: PostHogDrive = new PostHogDrive({
      serverSettings: settings,
      pageOf: () =>
        page({
          show: (_, shown) => {
            seen.push([shown, drive.baseVersion(PATH)]);
            return true;
          }
        })
    });
    await drive.get(PATH, { content: true });

    const options = { type: 'notebook', format: 'json', content: { cells: [] } } as const;
    const answer = await drive.save(PATH, options);

    expect(seen).toEqual([[stored, 3]]);
    expect(drive.baseVersion(PATH)).toBe(4);
    expect(answer.content).toBeNull();
    expect(asked[1]?.body).toMatchObject({ page_id: 'page-1' });
  });

  it('keeps its base where what was stored could not be shown', async () => {
    const answers = [model(OPEN), model({ content: { cells: [] }, base_version: 4, hash: '4' })];
    const { settings } = testServer(() => json(answers.shift()));
    const drive = new PostHogDrive({
      serverSettings: settings,
      pageOf: () => page({ show: () => false })
    });
    await drive.get(PATH, { content: true });

    await drive.save(PATH, { content: { cells: [] } });

    expect(drive.baseVersion(PATH)).toBe(3);
  });

  it('keeps its base when a save is refused', async () => {
    const answers = [json(model(OPEN)), json({ message: 'm', reason: 'save_conflict' }, 409)];
    const { settings } = testServer(() => answers.shift() ?? json({}));
    const refused = vi.fn().mockReturnValue(new Error('told'));
    const drive = new PostHogDrive({
      serverSettings: settings,
      pageOf: () => page({ refused })
    });
    await drive.get(PATH, { content: true });

    await expect(drive.save(PATH, { content: { cells: [] } })).rejects.toThrow('told');

    expect(refused.mock.calls[0]?.[0]).toBeInstanceOf(PosthogRequestError);
    expect(drive.baseVersion(PATH)).toBe(3);
  });

  it('sends nothing that its page keeps here', async () => {
    const { settings, asked } = testServer(() => json(model(OPEN)));
    const willSave = () => Promise.reject(new Error('kept'));
    const drive = new PostHogDrive({
      serverSettings: settings,
      pageOf: () => page({ willSave })
    });
    await drive.get(PATH, { content: true });

    await expect(drive.save(PATH, { content: { cells: [] } })).rejects.toThrow('kept');

    expect(asked).toHaveLength(1);
  });

  it('moves its base without telling Lab of another file', async () => {
    const { settings } = testServer(() => json(model(OPEN)));
    const drive = new PostHogDrive({ serverSettings: settings });
    await drive.get(PATH, { content: true });

    drive.moveBase(PATH, 7);

    expect(drive.baseVersion(PATH)).toBe(7);
    expect(await drive.get(PATH, { content: false, hash: true })).toMatchObject({ hash: '3' });
  });

  it('keeps the base through a rename', async () => {
    const renamed = model({ path: 'env/1/New [aB3].ipynb', name: 'New [aB3].ipynb' });
    const answers = [model(OPEN), renamed];
    const { settings } = testServer(() => json(answers.shift()));
    const drive = new PostHogDrive({ serverSettings: settings });
    await drive.get(PATH, { content: true });

    await drive.rename(PATH, 'env/1/New.ipynb');

    expect(drive.baseVersion('env/1/New [aB3].ipynb')).toBe(3);
    expect(drive.baseVersion(PATH)).toBeNull();
  });

  it('saves under a new name once as a new notebook, and then that notebook', async () => {
    const created = model({ path: 'env/1/Copy [xY9].ipynb', base_version: 0 });
    const { settings, asked } = testServer(() => json(created));
    const drive = new PostHogDrive({ serverSettings: settings });
    const options = { type: 'notebook', content: { cells: [] } } as const;

    await drive.save('env/1/Copy.ipynb', options);
    await drive.save('env/1/Copy.ipynb', options);

    expect(asked.map(({ url }) => decodeURIComponent(new URL(url).pathname))).toEqual([
      '/posthog/contents/env/1/Copy.ipynb',
      '/posthog/contents/env/1/Copy [xY9].ipynb'
    ]);
  });
});
