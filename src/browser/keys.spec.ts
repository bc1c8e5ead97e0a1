import { describe, expect, it } from 'vitest';
import { placeAfter, TypeAhead } from './keys';
import type { INotebookRow } from './rows';

describe('placeAfter', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowUp', 3, 2],
    ['ArrowUp', 0, 0],
    ['ArrowDown', 99, 99],
    ['PageDown', 3, 12],
    ['PageUp', 3, 0],
    ['Home', 50, 0],
    ['End', 50, 99],
    ['Tab', 3, null]
  ])('%s at %d leads to %j', (key, active, place) => {
    expect(placeAfter(key, active, 100, 10)).toBe(place);
  });

  it('leads nowhere in an empty list', () => {
    expect(placeAfter('ArrowDown', -1, 0, 10)).toBeNull();
  });
});

describe('TypeAhead', () => {
  const rows = ['Retention', undefined, 'Revenue', 'Pricing', 'Revenue by week'].map(title =>
    title === undefined ? undefined : ({ short_id: title, title } as INotebookRow)
  );

  it('finds the title that begins with what is typed, and goes on from there', () => {
    const keys = new TypeAhead();

    expect(keys.find('r', rows, -1, 0)).toBe(0);
    expect(keys.find('e', rows, 0, 100)).toBe(0);
    expect(keys.find('v', rows, 0, 200)).toBe(2);
    expect(keys.isTyping(300)).toBe(true);
  });

  it('begins anew after a while, and goes on with the same letter', () => {
    const keys = new TypeAhead();

    expect(keys.find('r', rows, 0, 0)).toBe(2);
    expect(keys.find('r', rows, 2, 100)).toBe(4);
    expect(keys.find('r', rows, 4, 5000)).toBe(0);
    expect(keys.find('x', rows, 0, 9000)).toBeNull();
  });
});
