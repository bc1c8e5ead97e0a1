import type { INotebookAddress } from '../common/paths';
import { StateModel } from '../common/stateModel';
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

const NOTHING: IControlsState = {
  kernel: null,
  options: null,
  effect: null,
  phase: 'reading',
  error: null
};

/** Reads and changes one kernel on behalf of a person. */
export class KernelControls extends StateModel<IControlsState> {
  constructor(options: {
    desk: IKernelDesk;
    address: INotebookAddress;
    /** Hears what the server answered. */
    accepted: (kernel: IKernel) => void;
  }) {
    super(NOTHING);
    this._desk = options.desk;
    this._address = options.address;
    this._accepted = options.accepted;
  }

  /** Read the kernel, and which sizes there are. */
  async read(): Promise<void> {
    await this._act('reading', async () => {
      const kernel = await this._desk.fetch(this._address);
      this._accept(kernel);
      const options = await this._desk.options(this._address).catch(() => null);
      this.set({ options });
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
    this.set({ effect: null });
    if (Object.keys(size).length === 0) {
      return;
    }
    const effect = await this._desk.preview(this._address, size).catch(() => null);
    if (asked === this._asked) {
      this.set({ effect }); // answers can come in another order than the choices were made
    }
  }

  /** Change the size. */
  async resize(size: IKernelSize): Promise<void> {
    await this._act('acting', async () => {
      await this._desk.resize(this._address, size);
      this._accept(await this._desk.fetch(this._address));
      this.set({ effect: null });
    });
  }

  private async _act(phase: IControlsState['phase'], action: () => Promise<void>): Promise<void> {
    if (this.state.phase === 'acting') {
      return;
    }
    this.set({ phase, error: null });
    try {
      await action();
      this.set({ phase: 'ready' });
    } catch (error) {
      this.set({ phase: 'ready', error });
    }
  }

  private _accept(kernel: IKernel): void {
    this.set({ kernel });
    this._accepted(kernel);
  }

  private readonly _desk: IKernelDesk;
  private readonly _address: INotebookAddress;
  private readonly _accepted: (kernel: IKernel) => void;
  private _asked = 0;
}
