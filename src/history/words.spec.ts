import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import { deed } from './words';

const trans = nullTranslator.load('jupyter_posthog');

describe('deeds', () => {
  it.each([
    ['created', 'Ada created the notebook'],
    ['deleted', 'Ada moved it to the trash'],
    ['restored', 'Ada took it out of the trash'],
    ['updated', 'Ada edited it'],
    ['save_rejected_stale', 'A save by Ada was refused, because somebody had saved before'],
    ['pinned', 'Ada: pinned']
  ])('are said in words: %s', (activity, words) => {
    expect(deed({ activity, by: 'Ada', title: null, has_content: false }, trans)).toBe(words);
  });

  it('name both titles of a renamed notebook', () => {
    const title = { before: 'Old', after: 'New' };
    expect(deed({ activity: 'updated', by: '', title, has_content: false }, trans)).toBe(
      'Somebody renamed it from “Old” to “New”'
    );
  });
});
