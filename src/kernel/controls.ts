import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type { INotebookAddress } from '../common/paths';
import type { IKernel, IKernelDesk, IKernelOptions, IKernelSize, ISizeEffect } from './desk';

/** What the popover of one kernel shows. */
export interface IControlsState {
  kernel: IKernel | null;
  /** Null where PostHog does not tell them, as older servers do not. */
  options: IKernelOptions | null;
  /** What the chosen size costs and destroys; null where none is chosen. */
  effect: ISizeEffect | null;
  phase: 'reading' | 'ready' | 'acting';
  error: unknown;
}

/** Reads and changes one kernel on behalf of a person. */
export class KernelControls implements IDisposable {
  constructor(options: {
    desk: IKernelDesk;
    address: INotebookAddress;
    /** Hears what the server answered. */
    accepted: (kernel: IKernel) => void;
  }) {
    this._desk = options.desk;
    this._address = options.address;
    this._accepted = options.accepted;
  }

  get state(): IControlsState {
    return this._state;
  }

  get changed(): ISignal<this, IControlsState> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Read the kernel, and which sizes there are. */
  async read(): Promise<void> {
    await this._act('reading', async () => {
      const kernel = await this._desk.fetch(this._address);
      this._accept(kernel);
      const options = await this._desk.options(this._address).catch(() => null);
      this._set({ options });
    });
  }

  async stop(): Promise<void> {
    await this._act('acting', async () => this._accept(await this._desk.stop(this._address)));
  }

  async restart(): Promise<void> {
    await this._act('acting', async () => this._accept(await this._desk.restart(this._address)));
  }

  /** Find out what another size would cost and destroy; nothing changes. */
  async preview(size: IKernelSize): Promise<void> {
    const asked = ++this._asked;
    this._set({ effect: null });
    if (Object.keys(size).length === 0) {
      return;
    }
    const effect = await this._desk.preview(this._address, size).catch(() => null);
    if (asked === this._asked) {
      this._set({ effect }); // answers can come in another order than the choices were made
    }
  }

  /** Change the size. */
  async resize(size: IKernelSize): Promise<void> {
    await this._act('acting', async () => {
      await this._desk.resize(this._address, size);
      this._accept(await this._desk.fetch(this._address));
      this._set({ effect: null });
    });
  }

  private async _act(phase: IControlsState['phase'], action: () => Promise<void>): Promise<void> {
    if (this._state.phase === 'acting') {
      return;
    }
    this._set({ phase, error: null });
    try {
      await action();
      this._set({ phase: 'ready' });
    } catch (error) {
      this._set({ phase: 'ready', error });
    }
  }

  private _accept(kernel: IKernel): void {
    this._set({ kernel });
    this._accepted(kernel);
  }

  private _set(change: Partial<IControlsState>): void {
    if (!this._isDisposed) {
      this._state = { ...this._state, ...change };
      this._changed.emit(this._state);
    }
  }

  private readonly _desk: IKernelDesk;
  private readonly _address: INotebookAddress;
  private readonly _accepted: (kernel: IKernel) => void;
  private readonly _changed = new Signal<this, IControlsState>(this);
  private _state: IControlsState = {
    kernel: null,
    options: null,
    effect: null,
    phase: 'reading',
    error: null
  };
  private _asked = 0;
  private _isDisposed = false;
}
