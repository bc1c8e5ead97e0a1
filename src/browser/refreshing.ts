import { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';

/** Whether the page itself is looked at. */
export interface IPageVisibility {
  readonly hidden: boolean;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

/** Asks again from time to time, only while a person can see what comes of it: else there is not even a timer. */
export class Refreshing implements IDisposable {
  constructor(options: {
    /** Asks; a rejection makes the next time come later. */
    ask: () => Promise<void>;
    intervalMs: number;
    page?: IPageVisibility;
    now?: () => number;
  }) {
    this._page = options.page ?? document;
    this._now = options.now ?? Date.now;
    this._intervalMs = options.intervalMs;
    const ask = () => {
      this._askedAtMs = this._now();
      return options.ask();
    };
    this._ask = ask;
    this._poll = new Poll({
      auto: false,
      name: 'jupyter-posthog:list',
      factory: ask,
      frequency: frequencyOf(options.intervalMs),
      // Stopped while hidden, which costs no timer; Lumino's own standby goes on counting.
      standby: 'never'
    });
    this._page.addEventListener('visibilitychange', this._update);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._page.removeEventListener('visibilitychange', this._update);
    // A poll that is disposed of while it waits leaves its timer.
    void this._poll.stop().then(() => this._poll.dispose());
  }

  /** Whether the panel is shown. */
  set isShown(isShown: boolean) {
    this._isShown = isShown;
    this._update();
  }

  /** How often is asked; 0 means once, when the panel is shown first. */
  set intervalMs(intervalMs: number) {
    this._intervalMs = intervalMs;
    this._poll.frequency = frequencyOf(intervalMs);
    this._update();
  }

  private readonly _update = (): void => {
    const isSeen = this._isShown && !this._page.hidden && !this.isDisposed;
    const isWanted = isSeen && this._intervalMs > 0;
    if (isWanted && !this._isRunning) {
      const dueInMs = this._askedAtMs + this._intervalMs - this._now();
      void this._poll.schedule({ interval: Math.max(0, dueInMs) });
    } else if (!isWanted && this._isRunning) {
      void this._poll.stop();
    }
    this._isRunning = isWanted;
    if (isSeen && !isWanted && this._askedAtMs === NEVER_MS) {
      void this._ask().catch(() => undefined); // The model shows what went wrong.
    }
  };

  private readonly _page: IPageVisibility;
  private readonly _now: () => number;
  private readonly _ask: () => Promise<void>;
  private readonly _poll: Poll;
  private _intervalMs: number;
  private _askedAtMs = NEVER_MS;
  private _isShown = false;
  private _isRunning = false;
  private _isDisposed = false;
}

const NEVER_MS = -Infinity;
const MOST_TIMES_LONGER = 10;

function frequencyOf(intervalMs: number): Poll['frequency'] {
  const interval = intervalMs || Poll.NEVER;
  return { interval, backoff: true, max: interval * MOST_TIMES_LONGER };
}
