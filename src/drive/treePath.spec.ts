import { PageConfig } from '@jupyterlab/coreutils';
import { describe, expect, it } from 'vitest';
import { takeAddress } from './treePath';

describe('the notebook that the address of the page names', () => {
  it('is taken once, so that Lab does not look for it', () => {
    PageConfig.setOption('treePath', 'posthog:env/1/Weekly [aB3dE5gH].ipynb');

    expect(takeAddress()).toEqual({ connection: 'env', projectId: 1, shortId: 'aB3dE5gH' });
    expect(PageConfig.getOption('treePath')).toBe('');
    expect(takeAddress()).toBeNull();
  });

  it.each([['notes/plan.ipynb'], ['posthog:env/1'], ['']])('%j stays with Lab', path => {
    PageConfig.setOption('treePath', path);

    expect(takeAddress()).toBeNull();
    expect(PageConfig.getOption('treePath')).toBe(path);
  });
});
