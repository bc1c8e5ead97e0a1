/** What PostHog tells of one stored cell, and of which version of the notebook. */
export interface IKnownState {
  status: string | undefined;
  version: number | null;
}

/**
 * Whether the shown result of one cell is older than its code, or than what it reads.
 *
 * PostHog judges the text that it stores; what is typed and run here meanwhile is known here only.
 */
export class Freshness {
  /** Take what PostHog tells; of another version than before it is about the text that stands here now. */
  learn({ status, version }: IKnownState, source: string): void {
    this._status = status;
    if (version !== this._version) {
      this._version = version;
      this._knownSource = source;
    }
  }

  /** The cell has run here, with this code. */
  ran(source: string): void {
    this._ranSource = source;
  }

  /** Whether a result that was made of other code, or of older results, stands below this code. */
  isStale(source: string): boolean {
    if (source !== (this._ranSource ?? this._knownSource)) {
      return this._ranSource !== null || this._status === 'done' || this._status === 'stale';
    }
    // Code that ran before it was saved is not old: what PostHog judged has to be what stands here.
    return this._status === 'stale' && source === this._knownSource;
  }

  private _status: string | undefined;
  private _version: number | null | undefined;
  private _knownSource: string | undefined;
  private _ranSource: string | null = null;
}
