import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
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

/** What happens in PostHog, as the server tells it. */
export interface ILiveChannel {
  readonly changed: ISignal<unknown, INotebookChanged>;
  readonly following: ISignal<unknown, INotebookFollowing>;
  readonly presence: ISignal<unknown, INotebookPresence>;
  readonly saveState: ISignal<unknown, ISaveState>;
  readonly reverted: ISignal<unknown, IEditsReverted>;
  readonly kernelClock: ISignal<unknown, IKernelClock>;
  readonly limits: ISignal<unknown, ILimitPause>;
  /** What the server knows of an open notebook, each time the page asks: nothing is missed while it was away. */
  readonly known: ISignal<unknown, IKnownNotebook>;
}

/** The token of the live channel. */
export const ILiveChannel = new Token<ILiveChannel>(
  'jupyter-posthog:ILiveChannel',
  'What happens in PostHog: edits, presence, saves, kernel clocks, limits.'
);
