import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { URLExt } from '@jupyterlab/coreutils';
import { sentence } from '../common/messages';
import { barePath } from '../common/paths';
import { request } from '../common/request';
import type { IEditsReverted } from '../live/events';
import type { Toasts } from '../common/toasts';

const SUCCESS_MS = 5_000;

/** Tells what a stale tab took back, and puts it back with one click. */
export class TakenBack {
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    toasts: Pick<Toasts, 'show'>;
    trans: TranslationBundle;
  }) {
    this._options = options;
  }

  /** Tell it once; more of the same notebook goes into the same toast. */
  tell(event: IEditsReverted): void {
    const { toasts, trans } = this._options;
    const text = event.by
      ? trans._n(
          'The page of %2 took back %1 block you had just saved.',
          'The page of %2 took back %1 blocks you had just saved.',
          event.blocks,
          event.by
        )
      : trans._n(
          'Another page took back %1 block you had just saved.',
          'Another page took back %1 blocks you had just saved.',
          event.blocks
        );
    const actions = [{ label: trans.__('Put back'), callback: () => void this._putBack(event) }];
    toasts.show(keyOf(event), { text, type: 'warning', autoClose: false, actions }, true);
  }

  private async _putBack(event: IEditsReverted): Promise<void> {
    const { serverSettings, toasts, trans } = this._options;
    const path = URLExt.encodeParts(addressOf(event));
    const init = { method: 'POST', body: JSON.stringify({ reverted: true }) };
    try {
      await request(serverSettings, `posthog/history/${path}`, init);
      const text = trans.__('Your blocks are back.');
      toasts.show(keyOf(event), { text, type: 'success', autoClose: SUCCESS_MS }, true);
    } catch (error) {
      const text = sentence(trans, error);
      toasts.show(keyOf(event), { text, type: 'error', autoClose: false }, true);
    }
  }

  private readonly _options: ConstructorParameters<typeof TakenBack>[0];
}

function addressOf({ connection, project_id, short_id }: IEditsReverted): string {
  return barePath({ connection, projectId: project_id, shortId: short_id });
}

function keyOf(event: IEditsReverted): string {
  return `taken back ${addressOf(event)}`;
}
