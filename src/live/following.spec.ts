import type { Event } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';
import type { IEditsState, INotebookEdits } from '../drive/tokens';
import { LiveChannel } from './channel';
import { ChangeFollower } from './following';
import { NotebookNews } from './news';

const WHERE = { connection: 'env', project_id: 1, short_id: 'aB3' };

function open(phase: IEditsState['phase'] = 'saved') {
  const channel = new LiveChannel(new Signal<object, Event.Emission>({}));
  const changed = new Signal<object, IEditsState>({});
  const shownChanged = new Signal<object, string>({});
  const page = { phase, version: 3, answers: [true] };
  const address = { connection: 'env', projectId: 1, shortId: 'aB3' };
  const news = new NotebookNews(channel, {
    address: () => address,
    shown: () => page.version,
    shownChanged,
    saving: new Signal<object, boolean>({})
  });
  const edits = {
    address,
    changed,
    get state() {
      return { phase: page.phase, changes: [] };
    },
    retryAfter: vi.fn(),
    redelivered: vi.fn().mockResolvedValue(undefined),
    takeStored: vi.fn(async () => {
      const isShown = page.answers.shift() ?? true;
      if (isShown) {
        page.version = 4;
        shownChanged.emit('path');
      }
      return isShown;
    })
  };
  new ChangeFollower({ edits: edits as unknown as INotebookEdits, news, channel });
  const change = (version = 4) =>
    channel.changed.emit({ ...WHERE, version, by: 'Grace', is_own: false });
  const become = (next: IEditsState['phase']) => {
    page.phase = next;
    changed.emit({ phase: next, changes: [] } as unknown as IEditsState);
  };
  return { channel, news, edits, page, change, become };
}

describe('ChangeFollower', () => {
  it('shows a change of others by itself and says so until the person goes on', async () => {
    const { news, change, become } = open();

    change();

    await vi.waitFor(() => expect(news.state.merged).toMatchObject({ by: 'Grace' }));
    expect(news.state.change).toBeNull();
    become('edited');
    expect(news.state.merged).toBeNull();
  });

  it('fetches nothing while there are edits, and does once there are none', async () => {
    const { edits, news, change, become } = open('edited');
    change();
    expect(edits.takeStored).not.toHaveBeenCalled();
    expect(edits.retryAfter).toHaveBeenCalledWith(4);

    become('saved');

    await vi.waitFor(() => expect(news.state.change).toBeNull());
  });

  it('tries again after something was typed during the fetch', async () => {
    const { edits, page, news, change, become } = open();
    page.answers = [false, true];
    change();
    await vi.waitFor(() => expect(edits.takeStored).toHaveBeenCalledTimes(1));
    await Promise.resolve();
    expect(news.state.change).not.toBeNull();

    become('saved');

    await vi.waitFor(() => expect(news.state.change).toBeNull());
  });

  it('passes on that a save of this notebook got an answer, and of no other', () => {
    const { channel, edits } = open();
    const saved = { version: 4, reason: null, merged: 0, conflicts: 0, by: '' };

    channel.saveState.emit({ ...WHERE, short_id: 'xY9', state: 'saved', ...saved });
    channel.saveState.emit({ ...WHERE, state: 'kept_here', ...saved });
    expect(edits.redelivered).not.toHaveBeenCalled();
    channel.saveState.emit({ ...WHERE, state: 'saved', ...saved });

    expect(edits.redelivered).toHaveBeenCalledTimes(1);
  });
});
