import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { ConnectForm } from './connectForm';
import { ConnectModel, IConnectState } from './connectModel';

/** Lab's dialog, but Enter inside its body belongs to the body: there it sends the form. */
class FormDialog extends Dialog<unknown> {
  protected _evtKeydown(event: KeyboardEvent): void {
    const isInForm = event.target instanceof Element && event.target.closest('form, details');
    if (event.key !== 'Enter' || !isInForm) {
      super._evtKeydown(event);
    }
  }
}

/** Ask for a PostHog and a key; ends when the person closes it. */
export async function askToConnect(model: ConnectModel, trans: TranslationBundle): Promise<void> {
  const form = ReactWidget.create(
    React.createElement(UseSignal<ConnectModel, IConnectState>, {
      signal: model.changed,
      initialArgs: model.state,
      children: (_, state) =>
        React.createElement(ConnectForm, {
          state: state ?? model.state,
          onConnect: wanted => model.connect(wanted),
          trans
        })
    })
  );
  const dialog = new FormDialog({
    title: trans.__('Connect to PostHog'),
    body: form,
    buttons: [Dialog.cancelButton({ label: trans.__('Close') })],
    focusNodeSelector: 'input[type="password"]'
  });
  dialog.addClass('jp-PosthogConnectDialog');
  await dialog.launch();
}
