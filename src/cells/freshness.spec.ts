import { describe, expect, it } from 'vitest';
import { Freshness } from './freshness';

function known(status: string | undefined, source = 'a', version = 1): Freshness {
  const freshness = new Freshness();
  freshness.learn({ status, version }, source);
  return freshness;
}

describe('a result', () => {
  it.each([
    ['done', false],
    ['stale', true],
    ['never_run', false],
    ['failed', false],
    [undefined, false]
  ])('that PostHog calls %s is stale: %s', (status, isStale) => {
    expect(known(status).isStale('a')).toBe(isStale);
  });

  it('is stale while the code below which it stands is another one', () => {
    const freshness = known('done');

    expect(freshness.isStale('b')).toBe(true);
    expect(freshness.isStale('a')).toBe(false);
  });

  it('that nobody has made is not', () => {
    expect(known('never_run').isStale('b')).toBe(false);
  });

  it('of code that ran here before it was saved is as new as that code', () => {
    const freshness = known('done');
    freshness.ran('b');
    // PostHog compares the run with what it stores, which is older.
    freshness.learn({ status: 'stale', version: 1 }, 'b');
    expect(freshness.isStale('b')).toBe(false);

    freshness.learn({ status: 'done', version: 2 }, 'b');
    expect(freshness.isStale('b')).toBe(false);
  });

  it('is stale where it was saved and PostHog says that what it reads has changed', () => {
    const freshness = known('done');
    freshness.ran('a');
    freshness.learn({ status: 'stale', version: 2 }, 'a');

    expect(freshness.isStale('a')).toBe(true);
  });

  it('of a cell that ran here is stale once its code is changed, whatever PostHog tells', () => {
    const freshness = known(undefined);
    freshness.ran('a');

    expect(freshness.isStale('b')).toBe(true);
  });
});
