import { PromiseDelegate } from '@lumino/coreutils';

/** One save of a notebook after the other: the second must send what the first one's answer has shown. */
export class SaveTurns {
  /** Whether a save is on its way. */
  get isBusy(): boolean {
    return this._running !== null;
  }

  /** Wait for the save before this one; answers whether there was one. */
  async begin(): Promise<boolean> {
    let hasWaited = false;
    while (this._running) {
      hasWaited = true;
      await this._running.promise;
    }
    this._running = new PromiseDelegate<void>();
    return hasWaited;
  }

  /** The save is over, well or not. */
  end(): void {
    this._running?.resolve();
    this._running = null;
  }

  private _running: PromiseDelegate<void> | null = null;
}
