import { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { barePath, INotebookAddress } from '../common/paths';
import type { IKernelClock } from '../live/events';
import type { IKernel, IKernelDesk } from './desk';

/** How long before a kernel's end a person hears of it, each once. */
export const WARNINGS_AT_S = [120, 600] as const;

/** What is known of one kernel, short enough for a line. */
export interface IKnownKernel {
  status: string;
  endsAtMs: number | null;
  lifetimeS: number;
  price: number | null;
  frames: number;
}

/** What the line in the status bar shows. */
export interface IShownKernel {
  kernel: IKnownKernel | null;
  isBusy: boolean;
}

/** That little time is left. */
export interface IKernelWarning {
  address: INotebookAddress;
  secondsLeft: number;
  frames: number;
}

const NOTHING: IShownKernel = { kernel: null, isBusy: false };

/** Keeps what is known of the kernels of open notebooks; the server tells, and is asked once per notebook. */
export class KernelModel implements IDisposable {
  constructor(options: {
    desk: IKernelDesk;
    clocks: ISignal<unknown, IKernelClock> | null;
    /** How often the time left is shown anew, while a kernel is shown. */
    tickMs: number;
    now?: () => number;
  }) {
    this._desk = options.desk;
    this._clocks = options.clocks;
    this._now = options.now ?? Date.now;
    this._clocks?.connect(this._onClock, this);
    this._tick = new Poll({
      auto: false,
      name: 'jupyter-posthog:kernel-clock',
      factory: async () => this._show(),
      frequency: { interval: options.tickMs, backoff: false },
      standby: 'when-hidden'
    });
  }

  get shown(): IShownKernel {
    return this._shown;
  }

  /** The notebook whose kernel is shown. */
  get address(): INotebookAddress | null {
    return this._address;
  }

  get changed(): ISignal<this, IShownKernel> {
    return this._changed;
  }

  get warned(): ISignal<this, IKernelWarning> {
    return this._warned;
  }

  /** Emitted when there is a kernel to show, or none any more. */
  get activated(): ISignal<this, void> {
    return this._activated;
  }

  get isDisposed(): boolean {
    return this._tick.isDisposed;
  }

  dispose(): void {
    this._clocks?.disconnect(this._onClock, this);
    this._tick.dispose();
    Signal.clearData(this);
  }

  /** Take note of a notebook that was opened; nothing is kept of others. */
  open(address: INotebookAddress): void {
    this._open.set(barePath(address), address);
  }

  /** Show the kernel of the notebook that is in front; null where none of ours is. */
  async setCurrent(address: INotebookAddress | null, isBusy = false): Promise<void> {
    this._address = address;
    this._isBusy = isBusy;
    this._show();
    if (address && !this._known.has(barePath(address))) {
      await this.refresh(address);
    }
  }

  /** Take note whether cells of the notebook in front run. */
  async setBusy(isBusy: boolean): Promise<void> {
    const hasEnded = this._isBusy && !isBusy;
    this._isBusy = isBusy;
    this._show();
    if (hasEnded && this._address && this._shown.kernel?.status === 'starting') {
      await this.refresh(this._address);
    }
  }

  /** Ask the server; null where this credential is not told. */
  async refresh(address: INotebookAddress): Promise<IKernel | null> {
    const kernel = await this._desk.fetch(address).catch(() => null);
    if (!this.isDisposed && kernel) {
      this.accept(address, kernel);
    }
    return kernel;
  }

  /** Take an answer of the server. */
  accept(address: INotebookAddress, kernel: IKernel): void {
    this._take(address, {
      status: kernel.state,
      endsAtMs: moment(kernel.ends_at),
      lifetimeS: kernel.lifetime_s,
      price: kernel.hourly_price,
      frames: kernel.frames.length
    });
  }

  /** Forget a notebook that was closed. */
  forget(address: INotebookAddress): void {
    this._open.delete(barePath(address));
    this._known.delete(barePath(address));
    this._show();
  }

  private _onClock(_: unknown, event: IKernelClock): void {
    const { connection, project_id, short_id, status, frames } = event;
    const address = { connection, projectId: project_id, shortId: short_id };
    this._take(address, {
      status,
      endsAtMs: moment(event.ends_at),
      lifetimeS: event.lifetime_s,
      price: event.price_usd_per_hour,
      frames
    });
  }

  private _take(address: INotebookAddress, kernel: IKnownKernel): void {
    const path = barePath(address);
    if (this._open.has(path)) {
      this._known.set(path, kernel);
      this._show();
    }
  }

  private _show(): void {
    if (this.isDisposed) {
      return;
    }
    const kernel = (this._address && this._known.get(barePath(this._address))) ?? null;
    const wasShown = this._shown.kernel !== null;
    this._shown = kernel ? { kernel, isBusy: this._isBusy } : NOTHING;
    this._changed.emit(this._shown);
    if (wasShown !== (kernel !== null)) {
      this._activated.emit();
    }
    this._known.forEach((known, path) => this._warn(path, known));
    const isTicking = [...this._known.values()].some(known => known.endsAtMs !== null);
    if (isTicking !== this._isTicking) {
      this._isTicking = isTicking;
      void (isTicking ? this._tick.start() : this._tick.stop());
    }
  }

  private _warn(path: string, { endsAtMs, lifetimeS, frames }: IKnownKernel): void {
    const address = this._open.get(path);
    if (endsAtMs === null || !address) {
      return;
    }
    const secondsLeft = (endsAtMs - this._now()) / 1000;
    // A kernel that lives ten minutes in all needs no warning at its start.
    const limit = WARNINGS_AT_S.find(limitS => secondsLeft <= limitS && limitS < lifetimeS);
    const said = this._said.get(path);
    const saidAtS = said?.endsAtMs === endsAtMs ? said.limitS : Infinity;
    if (limit === undefined || secondsLeft <= 0 || limit >= saidAtS) {
      return;
    }
    this._said.set(path, { endsAtMs, limitS: limit });
    this._warned.emit({ address, secondsLeft, frames });
  }

  private readonly _desk: IKernelDesk;
  private readonly _clocks: ISignal<unknown, IKernelClock> | null;
  private readonly _now: () => number;
  private readonly _tick: Poll;
  private readonly _known = new Map<string, IKnownKernel>();
  private readonly _open = new Map<string, INotebookAddress>();
  /** The last warning of each kernel; a kernel is told from the next by its end. */
  private readonly _said = new Map<string, { endsAtMs: number; limitS: number }>();
  private readonly _changed = new Signal<this, IShownKernel>(this);
  private readonly _activated = new Signal<this, void>(this);
  private readonly _warned = new Signal<this, IKernelWarning>(this);
  private _address: INotebookAddress | null = null;
  private _isBusy = false;
  private _isTicking = false;
  private _shown = NOTHING;
}

function moment(text: string | null): number | null {
  const found = text === null ? NaN : Date.parse(text);
  return Number.isNaN(found) ? null : found;
}
