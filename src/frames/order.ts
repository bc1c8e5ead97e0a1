import type { Row } from './frameData';

/** By which column rows are sorted; null for the frame's own order. */
export type Order = { column: number; isDescending: boolean } | null;

/** Return places of rows in another order; what has no value comes last, equal rows keep the frame's order. */
export function sortedPlaces(
  places: readonly number[],
  rowAt: (place: number) => Row | undefined,
  order: Order
): number[] {
  if (!order) {
    return [...places];
  }
  const { column, isDescending } = order;
  const keyed = places.map(place => ({ place, value: rowAt(place)?.[column] }));
  const areNumbers = keyed.every(({ value }) => isEmpty(value) || numberOf(value) !== null);
  const compare = areNumbers
    ? (left: unknown, right: unknown) => (numberOf(left) ?? 0) - (numberOf(right) ?? 0)
    : (left: unknown, right: unknown) => compareTexts(textOf(left), textOf(right));
  keyed.sort((left, right) => {
    const [isLeftEmpty, isRightEmpty] = [isEmpty(left.value), isEmpty(right.value)];
    if (isLeftEmpty || isRightEmpty) {
      return Number(isLeftEmpty) - Number(isRightEmpty) || left.place - right.place;
    }
    const found = compare(left.value, right.value);
    return (isDescending ? -found : found) || left.place - right.place;
  });
  return keyed.map(({ place }) => place);
}

/** The next order when a person presses a column: up, down, and back to the frame's own. */
export function nextOrder(order: Order, column: number): Order {
  if (order?.column !== column) {
    return { column, isDescending: false };
  }
  return order.isDescending ? null : { column, isDescending: true };
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/** Numbers that are too large for JavaScript come as text. */
function numberOf(value: unknown): number | null {
  if (typeof value === 'number') {
    return value;
  }
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
