import type { Event } from '@jupyterlab/services';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type {
  IEditsReverted,
  IKernelClock,
  IKnownNotebook,
  ILimitPause,
  INotebookChanged,
  INotebookFollowing,
  INotebookPresence,
  ISaveState
} from './events';
import type { ILiveChannel } from './tokens';

const SCHEMA = /^https:\/\/schema\.jupyter\.org\/jupyter_posthog\/(\w+)\/v1$/;

/** Sorts what comes on Lab's one WebSocket of events; it opens no connection of its own. */
export class LiveChannel implements ILiveChannel, IDisposable {
  constructor(stream: ISignal<unknown, Event.Emission>) {
    this._stream = stream;
    stream.connect(this._onEmission, this);
  }

  readonly changed = new Signal<this, INotebookChanged>(this);
  readonly following = new Signal<this, INotebookFollowing>(this);
  readonly presence = new Signal<this, INotebookPresence>(this);
  readonly saveState = new Signal<this, ISaveState>(this);
  readonly reverted = new Signal<this, IEditsReverted>(this);
  readonly kernelClock = new Signal<this, IKernelClock>(this);
  readonly limits = new Signal<this, ILimitPause>(this);
  readonly known = new Signal<this, IKnownNotebook>(this);

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._stream.disconnect(this._onEmission, this);
    Signal.clearData(this);
  }

  private _onEmission(_: unknown, emission: Event.Emission): void {
    const signal = this._signals[SCHEMA.exec(emission.schema_id)?.[1] ?? ''];
    // The server checks each event against its schema before it sends it.
    signal?.emit(emission);
  }

  private readonly _stream: ISignal<unknown, Event.Emission>;
  private readonly _signals: Record<string, { emit(emission: unknown): void }> = {
    notebook_changed: this.changed as { emit(emission: unknown): void },
    notebook_following: this.following as { emit(emission: unknown): void },
    notebook_presence: this.presence as { emit(emission: unknown): void },
    save_state: this.saveState as { emit(emission: unknown): void },
    edits_reverted: this.reverted as { emit(emission: unknown): void },
    kernel_clock: this.kernelClock as { emit(emission: unknown): void },
    limit_pause: this.limits as { emit(emission: unknown): void }
  };
  private _isDisposed = false;
}
