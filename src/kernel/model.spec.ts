import { Signal } from '@lumino/signaling';
import { afterEach, describe, expect, it } from 'vitest';
import type { IKernelClock } from '../live/events';
import type { IKernel, IKernelDesk } from './desk';
import { IKernelWarning, KernelModel } from './model';

const ADDRESS = { connection: 'env', projectId: 1, shortId: 'aB3' };
const EVENT = { connection: 'env', project_id: 1, short_id: 'aB3' };
const NOW = Date.parse('2026-10-02T10:00:00Z');
const MINUTE = 60_000;

const KERNEL: IKernel = {
  state: 'running',
  started_at: '2026-10-02T08:42:00Z',
  ends_at: '2026-10-02T10:42:00Z',
  ends_by: null,
  lifetime_s: 7200,
  hourly_price: 0.25,
  cpu_cores: 1,
  memory_gb: 2,
  frames: [{ name: 'orders', kind: 'frame', columns: 2, row_count: 12, is_estimate: false }],
  last_error: null
};

let model: KernelModel;
afterEach(() => model.dispose());

function scene(kernel: IKernel | Error = KERNEL) {
  const clocks = new Signal<object, IKernelClock>({});
  const at = { now: NOW };
  const asked: string[] = [];
  const answers = { kernel };
  const desk = {
    fetch: async ({ shortId }: { shortId: string }) => {
      asked.push(shortId);
      if (answers.kernel instanceof Error) {
        throw answers.kernel;
      }
      return answers.kernel;
    }
  } as unknown as IKernelDesk;
  model = new KernelModel({ desk, clocks, tickMs: 1_000_000, now: () => at.now });
  const warned: IKernelWarning[] = [];
  model.warned.connect((_, warning) => warned.push(warning));
  model.open(ADDRESS);
  const tell = (endsAtMs: number | null, status = 'running', lifetime_s = 7200) =>
    clocks.emit({
      ...EVENT,
      status,
      ends_at: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
      price_usd_per_hour: 0.25,
      lifetime_s,
      frames: 4
    });
  return { at, asked, answers, warned, tell, clocks };
}

describe('KernelModel', () => {
  it('asks once for the notebook in front, and shows what the server says', async () => {
    const { asked } = scene();

    await model.setCurrent(ADDRESS);
    await model.setCurrent(null);
    await model.setCurrent(ADDRESS);

    expect(asked).toEqual(['aB3']);
    expect(model.shown.kernel).toMatchObject({ status: 'running', price: 0.25, frames: 1 });
  });

  it('shows nothing where no notebook of ours is in front, or nothing is told', async () => {
    scene(new Error('403'));
    await model.setCurrent(ADDRESS);
    expect(model.shown.kernel).toBeNull();

    await model.setCurrent(null);

    expect(model.shown.kernel).toBeNull();
  });

  it('follows what the server tells', async () => {
    const { tell } = scene();
    await model.setCurrent(ADDRESS);

    tell(null, 'timed_out');

    expect(model.shown.kernel).toMatchObject({ status: 'timed_out', endsAtMs: null });
  });

  it('warns once at ten and once at two minutes', async () => {
    const { at, tell, warned } = scene();
    const end = NOW + 11 * MINUTE;

    for (const minutes of [0, 1, 2, 8, 9, 10]) {
      at.now = NOW + minutes * MINUTE;
      tell(end);
    }

    expect(warned.map(({ secondsLeft }) => secondsLeft)).toEqual([600, 120]);
    expect(warned[0]).toMatchObject({ address: ADDRESS, frames: 4 });
  });

  it('warns of the next kernel anew', () => {
    const { at, tell, warned } = scene();
    tell(NOW + MINUTE);
    at.now = NOW + 5 * MINUTE;

    tell(at.now + 9 * MINUTE);

    expect(warned).toHaveLength(2);
  });

  it('warns of a kernel that lives ten minutes in all at two only', () => {
    const { at, tell, warned } = scene();
    const end = NOW + 10 * MINUTE;
    tell(end, 'running', 600);
    expect(warned).toEqual([]);
    at.now = end - MINUTE;

    tell(end, 'running', 600);

    expect(warned).toHaveLength(1);
  });

  it('says nothing of an end that is over', () => {
    const { tell, warned } = scene();

    tell(NOW - MINUTE);

    expect(warned).toEqual([]);
  });

  it('keeps nothing of notebooks that are not open here', () => {
    const { tell, warned } = scene();
    model.forget(ADDRESS);

    tell(NOW + MINUTE);

    expect(warned).toEqual([]);
  });

  it('asks again when the first cell has ended and the kernel was still starting', async () => {
    const { asked, answers } = scene({ ...KERNEL, state: 'starting' });
    await model.setCurrent(ADDRESS, true);
    answers.kernel = KERNEL;

    await model.setBusy(false);

    expect(asked).toHaveLength(2);
    expect(model.shown).toMatchObject({ isBusy: false, kernel: { status: 'running' } });
  });

  it('hears nothing after its end', () => {
    const { tell, warned } = scene();
    model.dispose();

    tell(NOW + MINUTE);

    expect(warned).toEqual([]);
  });
});
