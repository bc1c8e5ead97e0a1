import { describe, expect, it } from 'vitest';
import { isSameText, mergeTexts } from './textMerge';

describe('mergeTexts', () => {
  it.each([
    ['only mine', 'a\nb', 'a\nB', 'a\nb', 'a\nB'],
    ['only theirs', 'a\nb', 'a\nb', 'A\nb', 'A\nb'],
    ['both, apart', 'a\n\nb', 'A\n\nb', 'a\n\nB', 'A\n\nB'],
    ['both, apart, the other way round', 'a\n\nb', 'a\n\nB', 'A\n\nb', 'A\n\nB'],
    ['both alike', 'a', 'A', 'A', 'A'],
    ['lines added at both ends', 'a\n\nb', '0\na\n\nb', 'a\n\nb\n9', '0\na\n\nb\n9'],
    ['theirs differs in white space alone', 'a  \n', 'a, more', 'a', 'a, more']
  ])('%s', (_, base, mine, theirs, merged) => {
    expect(mergeTexts(base, mine, theirs)).toBe(merged);
  });

  it.each([
    ['the same line', 'a', 'a1', 'a2'],
    ['lines that touch', 'a\nb', 'A\nb', 'a\nB'],
    ['a line that theirs removed', 'a\nb\nc', 'a\nB\nc', 'a\nc'],
    ['text added at one place', 'a', 'a\n1', 'a\n2']
  ])('null for %s', (_, base, mine, theirs) => {
    expect(mergeTexts(base, mine, theirs)).toBeNull();
  });
});

describe('isSameText', () => {
  it('leaves white space at the ends of lines out, and no other', () => {
    expect(isSameText('a  \nb\n\n', 'a\nb')).toBe(true);
    expect(isSameText('a\n  b', 'a\nb')).toBe(false);
  });
});
