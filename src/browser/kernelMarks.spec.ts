import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import type { IKernelClock } from '../live/events';
import { KernelMarks } from './kernelMarks';

const ADDRESS = { connection: 'box', projectId: 1, shortId: 'aB3' };
const clock = (status: string) =>
  ({ connection: 'box', project_id: 1, short_id: 'aB3', status }) as IKernelClock;

describe('KernelMarks', () => {
  it('knows whose kernels run from what the server tells', () => {
    const clocks = new Signal<object, IKernelClock>({});
    const marks = new KernelMarks(clocks);
    let changes = 0;
    marks.changed.connect(() => changes++);

    clocks.emit(clock('starting'));
    clocks.emit(clock('running'));
    expect(marks.isRunning(ADDRESS)).toBe(true);
    clocks.emit(clock('timed_out'));

    expect(marks.isRunning(ADDRESS)).toBe(false);
    expect(changes).toBe(2);
  });

  it('knows of none without a channel', () => {
    expect(new KernelMarks(null).isRunning(ADDRESS)).toBe(false);
  });
});
