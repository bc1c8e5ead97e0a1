import type { IDisposable } from '@lumino/disposable';

const PREFIX = 'jupyter-posthog:page:';

/**
 * Which open panels are alive, in every tab of this browser: each holds a lock of its name, which ends with its tab.
 *
 * Browsers have locks on https and on this machine only; elsewhere no other page is known to be alive.
 */
export class AlivePages {
  constructor(locks: LockManager | undefined = navigator.locks) {
    this._locks = locks;
  }

  /** A panel is alive until the answer is disposed. */
  join(pageId: string): IDisposable {
    let end = () => undefined as void;
    const held = new Promise<void>(release => {
      end = release;
    });
    void this._locks?.request(`${PREFIX}${pageId}`, () => held);
    let isDisposed = false;
    return {
      get isDisposed() {
        return isDisposed;
      },
      dispose() {
        isDisposed = true;
        end();
      }
    };
  }

  /** The names of the panels that are alive. */
  async ids(): Promise<Set<string>> {
    const found = await this._locks?.query();
    const names = (found?.held ?? []).map(({ name }) => name ?? '');
    return new Set(
      names.filter(name => name.startsWith(PREFIX)).map(name => name.slice(PREFIX.length))
    );
  }

  private readonly _locks: LockManager | undefined;
}
