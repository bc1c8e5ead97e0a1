import { describe, expect, it } from 'vitest';
import { barePath, drivePath, isSameNotebook, localPath, parsePath } from './paths';

describe('drive paths', () => {
  it.each([
    ['posthog:env/1/Weekly funnel [aB3dE5gH].ipynb'],
    ['env/1/aB3dE5gH.ipynb'],
    ['env/1/A∕B [x] [aB3dE5gH].ipynb'],
    ['env/1/ [aB3dE5gH].ipynb']
  ])('%s names one notebook by its short_id', path => {
    expect(parsePath(path)).toEqual({ connection: 'env', projectId: 1, shortId: 'aB3dE5gH' });
  });

  it.each([
    ['env/1'],
    ['env/one/a.ipynb'],
    ['notes/1/x/a.ipynb'],
    ['a.ipynb'],
    ['env/1/My plan.ipynb']
  ])('%s names none', path => {
    expect(parsePath(path)).toBeNull();
  });

  it('gains and loses the prefix of the drive', () => {
    expect(drivePath(drivePath('env/1/a.ipynb'))).toBe('posthog:env/1/a.ipynb');
    expect(localPath('posthog:env/1/a.ipynb')).toBe('env/1/a.ipynb');
  });

  it('knows a notebook again under another title', () => {
    const [old, now] = ['env/1/Old [aB3].ipynb', 'env/1/New [aB3].ipynb'].map(parsePath);

    expect(old && now && isSameNotebook(old, now)).toBe(true);
    expect(old && barePath(old)).toBe('env/1/aB3.ipynb');
  });
});
