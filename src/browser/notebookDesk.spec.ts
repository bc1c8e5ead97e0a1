import { describe, expect, it, vi } from 'vitest';
import { IAskedRequest, json, testServer } from '../common/testServer';
import { IOpenNotebook, NotANotebookError, NotebookDesk } from './notebookDesk';

const ADDRESS = { connection: 'box', projectId: 1, shortId: 'aB3' };
const PLACE = { connection: 'box', projectId: 1 };

function desk(answer: (asked: IAskedRequest) => Response, open?: IOpenNotebook) {
  const server = testServer(answer);
  const contents = { rename: vi.fn(), delete: vi.fn() };
  return {
    desk: new NotebookDesk({ serverSettings: server.settings, contents, findOpen: () => open }),
    contents,
    asked: server.asked
  };
}
const file = (name: string, content: unknown) => ({
  name,
  text: async () => (typeof content === 'string' ? content : JSON.stringify(content))
});
const stored = () => json({ path: 'box/1/Plan [new1].ipynb' }, 201);

describe('NotebookDesk', () => {
  it('renames an open notebook where it is open', async () => {
    const open = { rename: vi.fn() };
    const one = desk(stored, open);

    await one.desk.rename(ADDRESS, 'A/B test');

    expect(open.rename).toHaveBeenCalledWith('A∕B test.ipynb');
    expect(one.contents.rename).not.toHaveBeenCalled();
  });

  it('renames one that is not open by its short_id', async () => {
    const one = desk(stored);

    await one.desk.rename(ADDRESS, 'New');

    expect(one.contents.rename).toHaveBeenCalledWith(
      'posthog:box/1/aB3.ipynb',
      'posthog:box/1/New.ipynb'
    );
  });

  it('restores, and copies beside the original', async () => {
    const one = desk(stored);

    await one.desk.restore(ADDRESS);
    const copy = await one.desk.duplicate(ADDRESS);

    expect(copy.shortId).toBe('new1');
    expect(one.asked.map(({ method, body }) => [method, body])).toEqual([
      ['PATCH', { deleted: false }],
      ['POST', { copy_from: 'box/1/aB3.ipynb' }]
    ]);
  });

  it.each([
    // The server would take the last three for notebooks that are there.
    ['My plan.ipynb', 'My%20plan.ipynb'],
    ['Weekly funnel [aB3].ipynb', 'Weekly%20funnel.ipynb'],
    ['Plan.ipynb', 'Plan%20.ipynb'],
    ['wFunnel001.IPYNB', 'wFunnel001%20.ipynb'],
    ['Data [2024].ipynb', 'Data%20%5B2024%5D%20.ipynb']
  ])('imports %s as a new notebook', async (name, path) => {
    const one = desk(stored);
    const notebook = { cells: [], metadata: { posthog: { short_id: 'aB3' } } };

    await one.desk.importFile(PLACE, file(name, notebook));

    const url = new URL(one.asked[0]?.url ?? '');
    expect(url.pathname).toBe(`/posthog/contents/box/1/${path}`);
    expect(one.asked[0]?.body).toMatchObject({ type: 'notebook', content: notebook });
  });

  it.each(['{', '[]', '{"worksheets": []}', 'null'])(
    'sends no file that holds no notebook: %s',
    async text => {
      const one = desk(stored);

      const importing = one.desk.importFile(PLACE, file('x.ipynb', text));
      await expect(importing).rejects.toBeInstanceOf(NotANotebookError);
      expect(one.asked).toEqual([]);
    }
  );

  it('exports one as a file and several as an archive', async () => {
    const headers = { 'Content-Disposition': "attachment; filename*=UTF-8''Caf%C3%A9.zip" };
    const one = desk(() => new Response('PK', { headers }));

    const file = await one.desk.exportFiles([ADDRESS], 'html');
    await one.desk.exportFiles([ADDRESS, { ...ADDRESS, shortId: 'cD4' }], 'markdown');

    expect(file.name).toBe('Café.zip');
    expect(one.asked.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', expect.stringContaining('posthog/files/box/1/aB3.ipynb?format=html'), null],
      [
        'POST',
        expect.stringMatching(/posthog\/files(\?|$)/),
        { paths: ['box/1/aB3.ipynb', 'box/1/cD4.ipynb'], format: 'markdown' }
      ]
    ]);
  });

  it('tells why an export was refused', async () => {
    const one = desk(() => json({ message: 'm', reason: 'notebook_gone', facts: {} }, 404));

    await expect(one.desk.exportFiles([ADDRESS], 'ipynb')).rejects.toMatchObject({
      reason: 'notebook_gone'
    });
  });
});
