import { describe, expect, it } from 'vitest';
import { pageAddress, pathOfTag } from './pageAddress';
import { readTag } from './tag';

function pathOf(text: string): string | null {
  const tag = readTag(text);
  return tag && pathOfTag(tag);
}

describe('the page of what a card shows', () => {
  it.each([
    ['<Recording id="0191" timestampMs={84900} />', '/replay/0191?t=84'],
    ['<Recording id="0191" />', '/replay/0191'],
    ['<Cohort id={7} />', '/cohorts/7'],
    ['<FeatureFlag id="41" />', '/feature_flags/41'],
    ['<FeatureFlag id="my-flag" />', null],
    ['<Group id="a/b" groupTypeIndex={0} />', '/groups/0/a%2Fb'],
    ['<Query query={{"kind":"SavedInsightNode","shortId":"wAt1"}} />', '/insights/wAt1'],
    ['<Query query={{"kind":"InsightVizNode"}} />', null],
    ['<Cohort />', null],
    ['<Cohort id=".." />', null],
    ['<constructor id="a" />', null],
    ['<Unheard id="a" />', null]
  ])('%s', (text, path) => {
    expect(pathOf(text)).toBe(path);
  });

  it('stays on the origin of the connection', () => {
    expect(pageAddress('https://eu.posthog.com', 1, '/cohorts/7')).toBe(
      'https://eu.posthog.com/project/1/cohorts/7'
    );
    expect(pageAddress('https://eu.posthog.com/x', 1, '/replay/%2F%2Fevil.example')).toBe(
      'https://eu.posthog.com/project/1/replay/%2F%2Fevil.example'
    );
  });

  it.each([['javascript:alert(1)'], ['file:///etc'], ['eu.posthog.com'], ['']])(
    '%j is no host',
    host => {
      expect(pageAddress(host, 1, '/cohorts/7')).toBeNull();
    }
  );
});
