import { ISignal, Signal } from '@lumino/signaling';
import { barePath, INotebookAddress } from '../common/paths';
import type { IKernelClock } from '../live/events';

/** States in which PostHog's kernel holds a sandbox (posthog-api.md 11.3). */
const RUNNING = ['starting', 'running'];

/** Remembers whose kernels run in PostHog, as the server tells it anyway; nothing is asked for. */
export class KernelMarks {
  constructor(clocks: ISignal<unknown, IKernelClock> | null) {
    clocks?.connect((_, { connection, project_id, short_id, status }) => {
      const path = barePath({ connection, projectId: project_id, shortId: short_id });
      const wasRunning = this._running.has(path);
      if (RUNNING.includes(status)) {
        this._running.add(path);
      } else {
        this._running.delete(path);
      }
      if (wasRunning !== this._running.has(path)) {
        this._changed.emit();
      }
    });
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  isRunning(address: INotebookAddress): boolean {
    return this._running.has(barePath(address));
  }

  private readonly _running = new Set<string>();
  private readonly _changed = new Signal<this, void>(this);
}
