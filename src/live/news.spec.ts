import { Signal } from '@lumino/signaling';
import type { Event } from '@jupyterlab/services';
import { describe, expect, it } from 'vitest';
import { LiveChannel } from './channel';
import { NotebookNews } from './news';

const WHERE = { connection: 'env', project_id: 1, short_id: 'aB3' };

function notebook(version: number | null = 3) {
  const channel = new LiveChannel(new Signal<object, Event.Emission>({}));
  const page = { version, saving: new Signal<object, boolean>({}) };
  const shownChanged = new Signal<object, string>({});
  const news = new NotebookNews(
    channel,
    {
      address: () => ({ connection: 'env', projectId: 1, shortId: 'aB3' }),
      shown: () => page.version,
      shownChanged,
      saving: page.saving
    },
    () => 0
  );
  const show = (next: number) => {
    page.version = next;
    shownChanged.emit('path');
  };
  const change = (event: { version: number | null; is_own?: boolean; by?: string }) =>
    channel.changed.emit({ ...WHERE, by: 'Grace', is_own: false, ...event });
  return { news, channel, page, show, change };
}

describe('NotebookNews', () => {
  it('tells a version that this page does not show, until it shows it', () => {
    const { news, change, show } = notebook(3);

    change({ version: 4 });
    expect(news.state.change).toMatchObject({ by: 'Grace', isOwn: false });
    show(4);

    expect(news.state.change).toBeNull();
  });

  it('is silent about what the page shows already', () => {
    const { news, change } = notebook(4);

    change({ version: 4 });

    expect(news.state.change).toBeNull();
  });

  it('waits with our own save until its answer is here', () => {
    const { news, change, show, page } = notebook(3);
    const seen: unknown[] = [];
    news.changed.connect((_, state) => seen.push(state.change));

    page.saving.emit(true);
    change({ version: 4, is_own: true, by: '' });
    show(4);
    page.saving.emit(false);

    expect(seen.filter(Boolean)).toEqual([]);
  });

  it('tells a save that another tab of this server made', () => {
    const { news, change } = notebook(3);

    change({ version: 4, is_own: true, by: '' });

    expect(news.state.change?.isOwn).toBe(true);
  });

  it('forgets a change without a version when the notebook is loaded again', () => {
    const { news, change, show } = notebook(3);

    change({ version: null });
    expect(news.state.change).not.toBeNull();
    show(5);

    expect(news.state.change).toBeNull();
  });

  it('leaves the news of other notebooks alone', () => {
    const { news, channel } = notebook();

    channel.changed.emit({ ...WHERE, short_id: 'xY9', version: 9, by: 'Grace', is_own: false });
    channel.presence.emit({ ...WHERE, project_id: 2, people: ['Grace'] });
    channel.changed.emit({ ...WHERE, connection: 'eu', version: 9, by: 'Grace', is_own: false });

    expect(news.state).toEqual({
      change: null,
      merged: null,
      people: [],
      isGone: false,
      unheard: null
    });
  });

  it('catches up with what the server knows', () => {
    const { news, channel } = notebook(3);

    channel.known.emit({
      ...WHERE,
      version: 6,
      by: 'Grace',
      people: ['Grace'],
      mode: 'stream',
      reason: null
    });

    expect(news.state).toMatchObject({ change: { by: 'Grace' }, people: ['Grace'] });
  });

  it('says why edits of others do not become known, until they do', () => {
    const { news, channel } = notebook();

    channel.following.emit({ ...WHERE, mode: 'off', reason: 'host_away' });
    expect(news.state.unheard).toBe('host_away');
    channel.following.emit({ ...WHERE, mode: 'off', reason: 'notebook_gone' });
    expect(news.state).toMatchObject({ isGone: true, unheard: null });
    channel.following.emit({ ...WHERE, mode: 'stream', reason: null });

    expect(news.state).toMatchObject({ isGone: false, unheard: null });
  });

  it('hears nothing after its end', () => {
    const { news, change } = notebook(3);
    news.dispose();

    change({ version: 9 });

    expect(news.state.change).toBeNull();
  });

  it('tells a save that others were merged into, once this page shows it', () => {
    const { news, channel, show } = notebook(3);
    const saved = { ...WHERE, state: 'saved', version: 5, reason: null, merged: 2 } as const;

    channel.saveState.emit({ ...saved, conflicts: 0, by: 'Grace' });
    expect(news.state.merged).toBeNull();
    show(5);

    expect(news.state.merged).toMatchObject({ by: 'Grace', version: 5 });
    news.forgetMerged();
    expect(news.state.merged).toBeNull();
  });
});
