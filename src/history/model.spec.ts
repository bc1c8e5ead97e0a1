import { describe, expect, it, vi } from 'vitest';
import { PosthogRequestError } from '../common/request';
import type { IHistory, IHistoryDesk, INotedEntry, IOldNotebook, Moment } from './desk';
import { HistoryModel } from './model';

const ADDRESS = { connection: 'env', projectId: 1, shortId: 'aB3dE5gH' };

function entry(id: string): INotedEntry {
  return {
    id,
    activity: 'updated',
    by: 'Ada',
    created_at: '2026-11-25T10:00:00Z',
    title: null,
    has_content: true
  };
}

class Desk implements IHistoryDesk {
  pages: string[][] = [['c', 'b'], ['a']];
  answers = new Map<string, (old: IOldNotebook) => void>();
  restored: Moment[] = [];
  refusal: Error | null = null;

  async history(_: unknown, page: number): Promise<IHistory> {
    return {
      versions: [{ version: 3, kept_at: '2026-11-25T10:00:00Z' }],
      activity: { entries: (this.pages[page - 1] ?? []).map(entry), count: 3, refusal: null }
    };
  }

  old(_: unknown, moment: Moment): Promise<IOldNotebook> {
    return new Promise(resolve => this.answers.set(JSON.stringify(moment), resolve));
  }

  answer(moment: Moment): void {
    this.answers.get(JSON.stringify(moment))?.({ content: moment, differences: [] });
  }

  async restore(_: unknown, moment: Moment) {
    if (this.refusal) {
      throw this.refusal;
    }
    this.restored.push(moment);
    return { path: 'p', base_version: 4, replaced_version: 3 };
  }
}

function scene(): { model: HistoryModel; desk: Desk } {
  const desk = new Desk();
  return { model: new HistoryModel(ADDRESS, desk), desk };
}

describe('the history of a notebook', () => {
  it('goes on to older entries, none of them twice', async () => {
    const { model, desk } = scene();
    await model.refresh();
    expect(model.state.hasMore).toBe(true);
    desk.pages[1] = ['b', 'a']; // one was added meanwhile, so the pages moved

    await model.loadMore();

    expect(model.state.entries.map(({ id, page }) => [id, page])).toEqual([
      ['c', 1],
      ['b', 1],
      ['a', 2]
    ]);
    expect(model.state.hasMore).toBe(false);
  });

  it('passes over an answer that comes after another choice', async () => {
    const { model, desk } = scene();
    const first: Moment = { kind: 'version', version: 1 };
    const second: Moment = { kind: 'version', version: 2 };
    const asked = [model.choose(first), model.choose(second)];

    desk.answer(second);
    desk.answer(first);
    await Promise.all(asked);

    expect(model.state.old?.content).toEqual(second);
  });

  it('says why nothing was restored and keeps what is shown', async () => {
    const { model, desk } = scene();
    await model.refresh();
    desk.refusal = new PosthogRequestError({
      message: 'Gone.',
      reason: 'version_gone',
      status: 404
    });

    expect(await model.restore({ kind: 'version', version: 1 })).toBeNull();

    expect(model.state.error).toBe(desk.refusal);
    expect(model.state.isRestoring).toBe(false);
    expect(model.state.entries).toHaveLength(2);
  });

  it('shows the newest part after a restore', async () => {
    const { model, desk } = scene();
    await model.refresh();
    desk.pages[0] = ['d', 'c'];

    const moment: Moment = { kind: 'entry', id: 'b', page: 1 };
    const restoring = model.restore(moment);
    await vi.waitFor(() => expect(desk.answers.size).toBe(1)); // compared with now once more
    desk.answer(moment);

    expect((await restoring)?.replaced_version).toBe(3);
    expect(model.state.entries[0]?.id).toBe('d');
  });
});
