import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import { factsOf } from './cardFacts';

const trans = nullTranslator.load('jupyter_posthog');
const facts = (source: string) => factsOf(source, trans);

describe('a card', () => {
  it('tells kind, id and moment of a recording', () => {
    expect(facts('<Recording id="0191c3e0" timestampMs={84000} />')).toMatchObject({
      icon: 'play',
      kind: 'Recording',
      name: '0191c3e0',
      facts: ['from 1:24'],
      text: ''
    });
  });

  it('tells what an insight asks for and of which days', () => {
    const query =
      '{"kind":"InsightVizNode","source":{"kind":"TrendsQuery","dateRange":{"date_from":"-7d"}}}';

    expect(facts(`<Query title="Pageviews" query={${query}} />`)).toMatchObject({
      kind: 'Insight',
      name: 'Pageviews',
      facts: ['Trends', '-7d to now']
    });
  });

  it('names a saved insight by its short id', () => {
    const query = '{"kind":"SavedInsightNode","shortId":"wAt12345"}';

    expect(facts(`<Query query={${query}} />`)).toMatchObject({ name: 'wAt12345', facts: [] });
  });

  it.each([
    ['<Hologram depth={3} />', 'Hologram'],
    ['<UnknownNode nodeType="ph-hologram" />', 'ph-hologram'],
    ['<Survey id="', 'Survey'],
    ['no tag at all', 'Block of PostHog'],
    ['', 'Block of PostHog']
  ])('%j is never empty', (source, kind) => {
    const found = facts(source);

    expect(found.kind).toBe(kind);
    expect(found.text).toBe(source || '(empty)');
  });

  it('cuts what is too long to read', () => {
    expect(Array.from(facts(`<Cohort title="${'🦔'.repeat(300)}" />`).name)).toHaveLength(120);
    expect(facts(`<Strange a="${'x'.repeat(5000)}" />`).text).toHaveLength(2000);
  });

  it('survives a query that is no query', () => {
    expect(facts('<Query query={[1]} />')).toMatchObject({ name: '', facts: [] });
    expect(facts('<Query query="SELECT 1" />')).toMatchObject({ kind: 'Insight' });
  });
});
