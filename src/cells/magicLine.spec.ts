import { describe, expect, it } from 'vitest';
import { isFrameName, readMagic, renaming } from './magicLine';

function renamed(source: string, name: string | null): string {
  const magic = readMagic(source);
  if (!magic) {
    throw new Error('no magic');
  }
  const { start, end, text } = renaming(magic, name);
  return source.slice(0, start) + text + source.slice(end);
}

describe('the first line of an SQL cell', () => {
  it.each([
    ['%%hogql orders\nSELECT 1', 'hogql', 'orders'],
    ['%%hogql\nSELECT 1', 'hogql', null],
    ['%%duckdb -\nSELECT 1', 'duckdb', ''],
    ['%%hogql --connection abc orders\nSELECT 1', 'hogql', 'orders'],
    ['%%hogql --connection=abc --raw\nSELECT 1', 'hogql', null],
    ['%%hogql', 'hogql', null]
  ])('%j', (source, language, name) => {
    expect(readMagic(source)).toMatchObject({ language, name });
  });

  it.each([['SELECT 1'], ['%%hogqlx a\nSELECT 1'], [' %%hogql a\nSELECT 1'], ['%%time\nx']])(
    '%j is none',
    source => {
      expect(readMagic(source)).toBeNull();
    }
  );

  it.each([
    ['%%hogql orders\nSELECT 1', 'sales', '%%hogql sales\nSELECT 1'],
    ['%%hogql\nSELECT 1', 'sales', '%%hogql sales\nSELECT 1'],
    ['%%hogql orders\nSELECT 1', null, '%%hogql\nSELECT 1'],
    ['%%hogql orders\nSELECT 1', '', '%%hogql -\nSELECT 1'],
    ['%%hogql --connection a b --raw\nx', 'c', '%%hogql --connection a c --raw\nx'],
    ['%%hogql --connection a\r\nx', 'c', '%%hogql c --connection a\r\nx']
  ])('%j named %j is %j', (source, name, expected) => {
    expect(renamed(source, name)).toBe(expected);
  });

  it('says where the SQL begins', () => {
    expect(readMagic('%%hogql a\r\nSELECT 1')?.bodyStart).toBe(11);
  });

  it.each([
    ['orders', true],
    ['_x1', true],
    ['1x', false],
    ['class', false],
    ['a b', false],
    ['', false]
  ])('%j as a name: %s', (text, isName) => {
    expect(isFrameName(text)).toBe(isName);
  });
});
