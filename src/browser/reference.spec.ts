import { describe, expect, it } from 'vitest';
import { readReference } from './reference';

describe('readReference', () => {
  it.each([
    ['aB3dE5gH', { shortId: 'aB3dE5gH', projectId: null, origin: null }],
    [
      ' https://eu.posthog.com/project/12/notebooks/aB3dE5gH?x=1#edit ',
      { shortId: 'aB3dE5gH', projectId: 12, origin: 'https://eu.posthog.com' }
    ],
    [
      'us.posthog.com/notebooks/aB3dE5gH/',
      { shortId: 'aB3dE5gH', projectId: null, origin: 'https://us.posthog.com' }
    ],
    [
      'http://127.0.0.1:8010/project/1/notebooks/a1',
      { shortId: 'a1', projectId: 1, origin: 'http://127.0.0.1:8010' }
    ]
  ])('reads %s', (text, reference) => {
    expect(readReference(text)).toEqual(reference);
  });

  it.each([
    '',
    'Weekly funnel',
    'aB3dE5gH-aB3dE5gH',
    'https://us.posthog.com/project/1/insights/abc',
    'javascript:alert(1)',
    'ftp://us.posthog.com/notebooks/abc',
    'http://'
  ])('finds no notebook in “%s”', text => {
    expect(readReference(text)).toBeNull();
  });
});
