import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it, vi } from 'vitest';
import { PosthogRequestError } from '../common/request';
import { json, testServer } from '../common/testServer';
import type { INotebookEdits, INotebookOpener } from '../drive/tokens';
import { Choices } from './choices';
import { ConflictDesk, IConflict } from './conflictDesk';
import type { Exit } from './conflictDialog';
import { ConflictResolver } from './resolver';

const trans = nullTranslator.load('jupyter_posthog');
const BLOCK = {
  id: 'b1',
  kind: 'edited_by_both',
  base: 'One',
  mine: 'Mine',
  theirs: 'Theirs',
  can_edit: true
};
const CONFLICT: IConflict = { id: 'd1', editor: 'Grace', merged: 1, blocks: [BLOCK] };
const KEPT = { id: 'd1', content: { cells: [] }, revision: 7 };

/** A notebook in conflict, a server, and a person who takes these ways out. */
function conflict(options: { exits: Exit[]; blocks?: (typeof BLOCK)[]; refuseMerges?: number }) {
  let refusals = options.refuseMerges ?? 0;
  const { settings, asked } = testServer(({ method, body }) => {
    const action = (body as { action?: string } | null)?.action;
    if (method === 'GET') {
      return json({ ...CONFLICT, blocks: options.blocks ?? CONFLICT.blocks });
    }
    if (action === 'merge' && refusals-- > 0) {
      return json({ message: 'm', reason: 'save_conflict' }, 409);
    }
    return json(
      action === 'copy'
        ? { path: 'env/1/Copy [xY9].ipynb' }
        : { base_version: 6, content: { cells: ['stored'] } }
    );
  });
  const edits = {
    pageId: 'page-1',
    keep: vi.fn().mockResolvedValue(KEPT),
    resolved: vi.fn(),
    revert: vi.fn().mockResolvedValue(undefined),
    takeStored: vi.fn().mockResolvedValue(true)
  };
  const exits = [...options.exits];
  const asker = {
    ask: vi.fn(async (shown: IConflict) => {
      const choices = new Choices(shown);
      shown.blocks.forEach(block => choices.choose(block.id, { side: 'mine' }));
      return { exit: exits.shift() ?? ('later' as Exit), choices };
    }),
    tell: vi.fn()
  };
  const opener = { open: vi.fn().mockResolvedValue(undefined) };
  const resolver = new ConflictResolver({
    desk: new ConflictDesk(settings),
    opener: opener as unknown as INotebookOpener,
    asker,
    trans
  });
  const posted = () => asked.filter(({ method }) => method === 'POST').map(({ body }) => body);
  return {
    resolver,
    edits: edits as unknown as INotebookEdits & typeof edits,
    asker,
    opener,
    posted
  };
}

describe('ConflictResolver', () => {
  it('stores what was chosen and shows it', async () => {
    const one = conflict({ exits: ['merge'] });

    await one.resolver.resolve(one.edits);

    expect(one.posted()).toEqual([{ action: 'merge', answers: { b1: 'mine' } }]);
    expect(one.edits.resolved).toHaveBeenCalledWith(KEPT, { cells: ['stored'] }, 6);
  });

  it('opens the copy and shows theirs in the original', async () => {
    const one = conflict({ exits: ['copy'] });

    await one.resolver.resolve(one.edits);

    expect(one.posted()).toEqual([{ action: 'copy' }]);
    expect(one.edits.revert).toHaveBeenCalledTimes(1);
    expect(one.opener.open).toHaveBeenCalledWith({
      connection: 'env',
      projectId: 1,
      shortId: 'xY9'
    });
  });

  it('puts mine aside before theirs is shown', async () => {
    const one = conflict({ exits: ['theirs'] });
    one.edits.revert.mockImplementation(async () => {
      expect(one.posted()).toEqual([{ action: 'theirs' }]);
    });

    await one.resolver.resolve(one.edits);

    expect(one.edits.revert).toHaveBeenCalledTimes(1);
  });

  it('leaves everything as it is for later', async () => {
    const one = conflict({ exits: ['later'] });

    await one.resolver.resolve(one.edits);

    expect(one.posted()).toEqual([]);
    expect(one.edits.revert).not.toHaveBeenCalled();
  });

  it('asks again where somebody saved meanwhile', async () => {
    const one = conflict({ exits: ['merge', 'merge'], refuseMerges: 1 });

    await one.resolver.resolve(one.edits);

    expect(one.asker.ask).toHaveBeenCalledTimes(2);
    expect(one.edits.resolved).toHaveBeenCalledTimes(1);
  });

  it('asks nothing where it merges by itself by now', async () => {
    const one = conflict({ exits: [], blocks: [] });

    await one.resolver.resolve(one.edits);

    expect(one.asker.ask).not.toHaveBeenCalled();
    expect(one.edits.resolved).toHaveBeenCalledTimes(1);
  });

  it('never asks about one notebook twice at once', async () => {
    const one = conflict({ exits: ['later', 'later'] });

    await Promise.all([one.resolver.resolve(one.edits), one.resolver.resolve(one.edits)]);

    expect(one.asker.ask).toHaveBeenCalledTimes(1);
  });

  it('tells in a sentence what went wrong, and stays ready', async () => {
    const one = conflict({ exits: ['merge'] });
    const error = new PosthogRequestError({ message: '', reason: 'draft_gone', status: 404 });
    one.edits.keep.mockRejectedValueOnce(error);

    await one.resolver.resolve(one.edits);
    expect(one.asker.tell.mock.calls[0]?.[0]).toContain('not kept here any more');
    await one.resolver.resolve(one.edits);

    expect(one.edits.resolved).toHaveBeenCalledTimes(1);
  });

  it('puts a draft back by storing it and showing what is stored', async () => {
    const one = conflict({ exits: [], blocks: [] });

    await one.resolver.putBack(one.edits, 'old-draft');

    expect(one.posted()).toEqual([{ action: 'merge', answers: {} }]);
    expect(one.edits.takeStored).toHaveBeenCalledTimes(1);
  });
});

describe('Choices', () => {
  it('are complete when every block has one, and begin with none', () => {
    const choices = new Choices({ ...CONFLICT, blocks: [BLOCK, { ...BLOCK, id: 'b2' }] });
    choices.choose('b1', { side: 'theirs' });
    expect(choices.isComplete).toBe(false);

    choices.choose('b2', { side: 'edit' });
    choices.choose('b2', { text: 'Both' });

    expect(choices.isComplete).toBe(true);
    expect(choices.answers).toEqual({ b1: 'theirs', b2: { text: 'Both' } });
  });
});
