import type { PosthogRequestError } from '../common/request';
import type { IMetConflict } from './tokens';

/** Remembers a conflict until it is resolved, so that autosaves do not run into it again and again. */
export class OpenConflict {
  get current(): IMetConflict | null {
    return this._current;
  }

  /** Whether a save that nobody asked for should wait. */
  get isInTheWay(): boolean {
    return this._current !== null && !this._mayRetry;
  }

  /** Take note of a refusal; answers whether it is the first one since there was no conflict. */
  meet({ facts }: PosthogRequestError): boolean {
    const isFirst = this._current === null;
    this._mayRetry = false;
    this._current = {
      storedVersion: typeof facts.stored_version === 'number' ? facts.stored_version : null,
      by: String(facts.editor ?? '')
    };
    return isFirst;
  }

  /** PostHog holds another version: a save may meet something else. */
  retryAfter(version: number | null): void {
    const met = this._current?.storedVersion ?? null;
    if (version === null || met === null || version > met) {
      this._mayRetry = true;
    }
  }

  /** It is resolved. */
  clear(): void {
    this._current = null;
    this._mayRetry = false;
  }

  private _current: IMetConflict | null = null;
  private _mayRetry = false;
}
