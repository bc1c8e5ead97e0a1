import { describe, expect, it } from 'vitest';
import { fileNameOf, newPath, titleIn } from './fileNames';

describe('titles in paths', () => {
  it.each([
    ['posthog:env/1/Weekly funnel [aB3].ipynb', 'Weekly funnel'],
    ['env/1/A∕B [x] [aB3].ipynb', 'A/B [x]'],
    ['env/1/two␊lines [aB3].ipynb', 'two\nlines'],
    ['env/1/Untitled [aB3].ipynb', '']
  ])('%s shows “%s”', (path, title) => {
    expect(titleIn(path)).toBe(title);
  });

  it('tells the drive a title as a file name', () => {
    expect(fileNameOf('A/B')).toBe('A∕B.ipynb');
    expect(fileNameOf('')).toBe('Untitled.ipynb');
  });

  it('never names a notebook that is there by a new title', () => {
    expect(newPath('env', 1, 'wFunnel001')).toBe('env/1/wFunnel001 .ipynb');
    expect(newPath('env', 1, 'My plan')).toBe('env/1/My plan.ipynb');
  });
});
