import { describe, expect, it, vi } from 'vitest';
import { PosthogRequestError } from '../common/request';
import { copyRange } from './copying';
import { cellText, IFrame, readFrame } from './frameData';
import type { IFramePage, IFramePages } from './framePages';
import { FrameRows } from './frameRows';
import { nextOrder, sortedPlaces } from './order';

const DATA = {
  columns: ['n', 'event'],
  types: [
    ['n', 'UInt64'],
    ['event', 'String']
  ],
  rows: Array.from({ length: 50 }, (_, n) => [n, `e${n}`]),
  row_count: 1000,
  has_more: true,
  run_id: 'r1',
  name: 'orders'
};

function frame(change: object = {}): IFrame {
  const found = readFrame({ ...DATA, ...change });
  if (!found) {
    throw new Error('no frame');
  }
  return found;
}

/** Pages of a frame of so many rows. */
function pagesOf(
  count: number,
  columns = DATA.columns
): IFramePages & { asked: [number, number][] } {
  const asked: [number, number][] = [];
  const read = async (offset: number, limit: number): Promise<IFramePage> => {
    asked.push([offset, limit]);
    const length = Math.max(0, Math.min(limit, count - offset));
    const rows = Array.from({ length }, (_, index) => [offset + index, 'x']);
    return { columns, rows, row_count: count, offset };
  };
  return { asked, read };
}

async function looked(rows: FrameRows, ...ranges: [number, number][]): Promise<void> {
  vi.useFakeTimers();
  ranges.forEach(([first, last]) => rows.look(first, last));
  await vi.runAllTimersAsync();
  vi.useRealTimers();
}

describe('the data of an output', () => {
  it('is read with types by the place of their column', () => {
    expect(frame()).toMatchObject({ types: ['UInt64', 'String'], rowCount: 1000, runId: 'r1' });
    expect(frame({ types: [['other', 'X']] }).types).toEqual(['', '']);
  });

  it.each([[null], ['text'], [{}], [{ columns: 1, rows: [] }], [{ columns: ['a'] }]])(
    '%j is no frame',
    data => {
      expect(readFrame(data)).toBeNull();
    }
  );

  it('leaves out what is no row, no name and no notebook', () => {
    const odd = {
      rows: [[1], 'x', null],
      name: 7,
      run_id: {},
      row_count: -1,
      notebook: { connection: 1 }
    };

    expect(frame(odd)).toMatchObject({
      rows: [[1]],
      name: '',
      runId: null,
      rowCount: null,
      notebook: null
    });
  });

  it.each([
    [null, ''],
    [undefined, ''],
    [false, 'false'],
    [{ a: [1] }, '{"a":[1]}'],
    ['<b>', '<b>']
  ])('%j is shown as %j', (value, shown) => {
    expect(cellText(value)).toBe(shown);
  });
});

describe('rows of a frame', () => {
  it('are asked for when they are looked at, a page at a time', async () => {
    const pages = pagesOf(1000);
    const rows = new FrameRows(frame(), { pages, delayMs: 50 });

    await looked(rows, [0, 20]);
    expect(pages.asked).toEqual([]);

    await looked(rows, [45, 60]);
    expect(pages.asked).toEqual([[50, 50]]);
    expect(rows.row(99)).toEqual([99, 'x']);
    expect(rows.row(100)).toBeUndefined();
  });

  it('that somebody only scrolls past are not asked for', async () => {
    const pages = pagesOf(1000);
    const rows = new FrameRows(frame(), { pages, delayMs: 50 });

    await looked(rows, [100, 120], [300, 320], [850, 870]);

    expect(pages.asked).toEqual([[800, 100]]);
  });

  it('end where the frame ends', async () => {
    const rows = new FrameRows(frame(), { pages: pagesOf(970), delayMs: 0 });

    await looked(rows, [960, 999]);

    expect(rows.count).toBe(970);
    expect(rows.total).toBe(970);
  });

  it('are found behind the first ones where nobody knows how many there are', async () => {
    const pages = pagesOf(130);
    const rows = new FrameRows(frame({ row_count: null }), { pages, delayMs: 0 });
    expect([rows.count, rows.total]).toEqual([51, null]);

    await looked(rows, [40, 50]);
    await looked(rows, [100, 110]);

    expect(pages.asked).toEqual([
      [50, 50],
      [100, 100]
    ]);
    expect([rows.count, rows.total]).toEqual([130, 130]);
  });

  it('that are here stay when the frame was replaced, and nothing more is asked', async () => {
    const error = new PosthogRequestError({ message: '', reason: 'frame_stale', status: 409 });
    const read = vi.fn().mockRejectedValue(error);
    const rows = new FrameRows(frame(), { pages: { read }, delayMs: 0 });

    await looked(rows, [60, 70]);
    await looked(rows, [200, 210]);

    expect([rows.phase, rows.error, rows.loadedCount]).toEqual(['stale', error, 50]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('of another frame with the same name are not mixed in', async () => {
    const rows = new FrameRows(frame(), { pages: pagesOf(1000, ['other']), delayMs: 0 });

    await looked(rows, [60, 70]);

    expect([rows.phase, rows.loadedCount]).toEqual(['stale', 50]);
  });

  it('that did not come can be asked for again', async () => {
    const pages = pagesOf(1000);
    const read = vi.fn().mockRejectedValueOnce(new Error('away')).mockImplementation(pages.read);
    const rows = new FrameRows(frame(), { pages: { read }, delayMs: 0 });
    await looked(rows, [60, 70]);
    expect(rows.phase).toBe('failed');

    await rows.retry();

    expect([rows.phase, rows.loadedCount]).toEqual(['ready', 100]);
  });

  it('without a way to more are those of the output', async () => {
    const rows = new FrameRows(frame(), { pages: null, delayMs: 0 });

    await looked(rows, [60, 70]);

    expect([rows.count, rows.total, rows.phase]).toEqual([50, 1000, 'ready']);
  });

  it('that come after the end change nothing', async () => {
    const rows = new FrameRows(frame(), { pages: pagesOf(1000), delayMs: 0 });
    const reading = looked(rows, [60, 70]);
    rows.dispose();
    await reading;

    expect(rows.loadedCount).toBe(50);
  });
});

describe('sorting', () => {
  const sorted = (values: unknown[], isDescending = false) =>
    sortedPlaces([...values.keys()], place => [values[place]], { column: 0, isDescending });

  it('is of numbers where all are numbers, also those that come as text', () => {
    expect(sorted([10, '9007199254740993', 9, null])).toEqual([2, 0, 1, 3]);
  });

  it('is of texts else, with what is empty last both ways', () => {
    expect(sorted(['b', '', 'a', 10])).toEqual([3, 2, 0, 1]);
    expect(sorted(['b', '', 'a', 10], true)).toEqual([0, 2, 3, 1]);
  });

  it('keeps the order of equal rows', () => {
    expect(sorted(['a', 'b', 'a'], true)).toEqual([1, 0, 2]);
  });

  it('goes up, down and away', () => {
    const up = nextOrder(null, 1);
    const down = nextOrder(up, 1);

    expect([up, down, nextOrder(down, 1), nextOrder(up, 0)]).toEqual([
      { column: 1, isDescending: false },
      { column: 1, isDescending: true },
      null,
      { column: 0, isDescending: false }
    ]);
  });
});

describe('copying', () => {
  const rowAt = (shown: number) => [[1, 'a\tb'], [null, 'say "x"'], undefined][shown];
  const range = { firstRow: 0, lastRow: 2, firstColumn: 0, lastColumn: 1 };

  it('gives tab-separated text and says what is missing', () => {
    expect(copyRange(range, ['n', 't'], rowAt, false)).toEqual({
      text: '1\t"a\tb"\n\t"say ""x"""',
      missing: 1
    });
  });

  it('takes the names of columns along', () => {
    const one = { ...range, firstColumn: 1, lastRow: 0 };

    expect(copyRange(one, ['n', 't'], rowAt, true).text).toBe('t\n"a\tb"');
  });
});
