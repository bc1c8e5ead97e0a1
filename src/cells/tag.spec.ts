import { describe, expect, it } from 'vitest';
import { readTag, tagName } from './tag';

const props = (text: string) => Object.fromEntries(readTag(text)?.props ?? []);

describe('a tag', () => {
  it.each([
    [
      '<Recording id="0191" timestampMs={84000} noInspector={false} />',
      { id: '0191', timestampMs: 84000, noInspector: false }
    ],
    ['<Cohort id={7}/>', { id: 7 }],
    ['<Prompt keepQuestion />', { keepQuestion: true }],
    [
      '<Query query={{"kind":"A","b":["}"]}} title="x" />',
      { query: { kind: 'A', b: ['}'] }, title: 'x' }
    ],
    ['<X a="q\\"&lt;&amp;lt;" />', { a: 'q"<&lt;' }],
    ["<X a='it\\'s' />", { a: "it's" }],
    ['<X a = "b"\n  c={null}\n/>', { a: 'b', c: null }],
    ['<X a=word b={not json}>body</X>', { a: 'word', b: 'not json' }],
    ['<X />', {}]
  ])('%s', (text, expected) => {
    expect(props(text)).toEqual(expected);
  });

  it.each([
    ['plain text'],
    ['<lower a="b" />'],
    ['<X a="b'],
    ['<X a={{"b":1} />'],
    ['<X =1 />'],
    ['<X']
  ])('%s is none', text => {
    expect(readTag(text)).toBeNull();
  });

  it('has a name even where the rest is broken', () => {
    expect(tagName('<Survey id="')).toBe('Survey');
    expect(tagName('nothing')).toBe('');
  });
});
