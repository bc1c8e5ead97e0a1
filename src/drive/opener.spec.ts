import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';
import { NotebookOpener } from './opener';

const ADDRESS = { connection: 'env', projectId: 1, shortId: 'aB3' };

function opener(openPaths: string[] = []) {
  const host = {
    openPaths: () => openPaths,
    reveal: vi.fn(),
    open: vi.fn().mockResolvedValue(undefined)
  };
  const drive = {
    canonicalPath: vi.fn().mockResolvedValue('env/1/Funnel [aB3].ipynb'),
    newUntitled: vi.fn().mockResolvedValue({ path: 'env/1/Untitled [xY9].ipynb' }),
    versions: { shown: () => null, changed: new Signal<object, string>({}) }
  };
  const edits = { open: [], opened: new Signal<object, never>({}), of: () => undefined };
  return { host, drive, opener: new NotebookOpener(host, drive, edits) };
}

describe('NotebookOpener', () => {
  it('opens under the canonical path', async () => {
    const one = opener();

    await one.opener.open(ADDRESS);

    expect(one.host.open).toHaveBeenCalledWith('posthog:env/1/Funnel [aB3].ipynb');
  });

  it('reveals a notebook that is open under another title', async () => {
    const one = opener(['posthog:env/1/Old title [aB3].ipynb']);

    await one.opener.open(ADDRESS);

    expect(one.host.reveal).toHaveBeenCalledWith('posthog:env/1/Old title [aB3].ipynb');
    expect(one.host.open).not.toHaveBeenCalled();
  });

  it('takes two clicks in a row as one', async () => {
    const one = opener();

    await Promise.all([one.opener.open(ADDRESS), one.opener.open(ADDRESS)]);

    expect(one.host.open).toHaveBeenCalledTimes(1);
  });

  it('opens what it creates', async () => {
    const one = opener();

    await one.opener.create('env', 1);

    expect(one.host.open).toHaveBeenCalledWith('posthog:env/1/Untitled [xY9].ipynb');
  });
});
