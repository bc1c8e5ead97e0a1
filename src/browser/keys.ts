import type { SparseRows } from './pages';

/** How long what was typed belongs together, in milliseconds. */
const TOGETHER_MS = 800;

/** Return the place that a key leads to; null where it leads nowhere. */
export function placeAfter(
  key: string,
  active: number,
  count: number,
  rowsInView: number
): number | null {
  const step = Math.max(1, rowsInView - 1);
  const places: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + step,
    PageUp: active - step,
    Home: 0,
    End: count - 1
  };
  const place = places[key];
  return place === undefined || count === 0 ? null : Math.max(0, Math.min(place, count - 1));
}

/** Whether a key is a letter or digit of a title; signs such as / are left to shortcuts. */
export function isTyped(event: {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}): boolean {
  return /^[\p{L}\p{N} ]$/u.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey;
}

/** Finds the title that begins with what is being typed. */
export class TypeAhead {
  /** Whether a word is being typed, so that a space belongs to it. */
  isTyping(nowMs: number): boolean {
    return this._words !== '' && nowMs - this._lastMs < TOGETHER_MS;
  }

  /** Return the place of the next title that fits; null where none is known. */
  find(letter: string, rows: SparseRows, active: number, nowMs: number): number | null {
    const isMore = this.isTyping(nowMs);
    this._words = (isMore ? this._words : '') + letter.toLocaleLowerCase();
    this._lastMs = nowMs;
    // The same letter again goes on to the next one.
    const isRepeated = [...this._words].every(other => other === this._words[0]);
    const words = isRepeated ? (this._words[0] ?? '') : this._words;
    const start = Math.max(0, active + (isMore && !isRepeated ? 0 : 1));
    for (let step = 0; step < rows.length; step++) {
      const place = (start + step) % rows.length;
      if (rows[place]?.title?.toLocaleLowerCase().startsWith(words)) {
        return place;
      }
    }
    return null;
  }

  private _words = '';
  private _lastMs = 0;
}
