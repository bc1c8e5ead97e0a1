import { describe, expect, it, vi } from 'vitest';
import { json, testServer } from '../common/testServer';
import type { INotebookEdits } from '../drive/tokens';
import { AlivePages } from './alivePages';
import { DraftAnswer, FoundDrafts } from './foundDrafts';

const DRAFT = { id: 'd1', page_id: 'gone', saved_at: '2026-11-25T10:00:00Z', is_waiting: false };
const EDITS = {
  path: 'posthog:env/1/Funnel [aB3].ipynb',
  address: { connection: 'env', projectId: 1, shortId: 'aB3' },
  ready: Promise.resolve(),
  isDisposed: false
} as unknown as INotebookEdits;

function found(drafts: object[], answer: DraftAnswer = 'put_back') {
  const { settings, asked } = testServer(() => json({ drafts }));
  const [ask, putBack, putAside] = [
    vi.fn().mockResolvedValue(answer),
    vi.fn().mockResolvedValue(undefined),
    vi.fn().mockResolvedValue(undefined)
  ];
  const alive = () => Promise.resolve(new Set(['alive']));
  const one = new FoundDrafts({ serverSettings: settings, alive, ask, putBack, putAside });
  return { one, asked, ask, putBack, putAside };
}

describe('FoundDrafts', () => {
  it('offers the newest edits of a page that is gone', async () => {
    const { one, asked, putBack } = found([DRAFT, { ...DRAFT, id: 'older' }]);

    await one.offer(EDITS);

    expect(putBack).toHaveBeenCalledWith(EDITS, 'd1');
    expect(asked[0]?.url).toContain('path=env%2F1%2FFunnel');
  });

  it.each([
    ['of a page that is alive', { page_id: 'alive' }],
    ['that the server is about to send', { is_waiting: true }]
  ])('offers nothing %s', async (_, change) => {
    const { one, ask } = found([{ ...DRAFT, ...change }]);

    await one.offer(EDITS);

    expect(ask).not.toHaveBeenCalled();
  });

  it('puts them aside, or leaves them, as the person says', async () => {
    const aside = found([DRAFT], 'put_aside');
    const later = found([DRAFT], 'later');

    await aside.one.offer(EDITS);
    await later.one.offer(EDITS);

    expect(aside.putAside).toHaveBeenCalledWith('d1');
    expect(later.putAside).not.toHaveBeenCalled();
    expect(later.putBack).not.toHaveBeenCalled();
  });
});

/** Locks as a browser keeps them, as far as they are used here. */
function testLocks(): LockManager {
  const held = new Set<string>();
  return {
    request: async (name: string, work: () => Promise<unknown>) => {
      held.add(name);
      await work();
      held.delete(name);
    },
    query: async () => ({ held: [...held].map(name => ({ name })) })
  } as unknown as LockManager;
}

describe('AlivePages', () => {
  it('knows a page until it leaves', async () => {
    const pages = new AlivePages(testLocks());
    const membership = pages.join('page-1');
    expect(await pages.ids()).toEqual(new Set(['page-1']));

    membership.dispose();

    await vi.waitFor(async () => expect(await pages.ids()).toEqual(new Set()));
  });

  it('knows none where the browser has no locks', async () => {
    const pages = new AlivePages(undefined);
    pages.join('page-1').dispose();

    expect(await pages.ids()).toEqual(new Set());
  });
});
