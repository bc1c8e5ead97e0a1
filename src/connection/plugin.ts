import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  Clipboard,
  Dialog,
  ICommandPalette,
  MainAreaWidget,
  Notification,
  ReactWidget,
  showDialog
} from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CONNECTION_COMMANDS, REFRESH_COMMAND } from '../common/commands';
import { askToConnect } from './connectDialog';
import { ConnectModel } from './connectModel';
import { ConnectionDesk, IConnectionDesk } from './desk';
import { DoctorModel, IDoctorState } from './doctorModel';
import { DoctorPage } from './doctorPage';
import { reportText } from './reportText';

const CATEGORY = 'PostHog';
const DOCTOR_ID = 'jp-posthog-doctor';
const NOTICE_MS = 4_000;

/** Connecting to PostHog, and finding out what works. */
export const connectionPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:connection',
  description: 'Connects to PostHog and says what works with each connection, and why not.',
  autoStart: true,
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const desk = new ConnectionDesk(app.serviceManager.serverSettings);
    let page: MainAreaWidget | null = null;
    app.commands.addCommand(CONNECTION_COMMANDS.connect, {
      label: trans.__('Connect to PostHog…'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => connect(app, desk, trans)
    });
    app.commands.addCommand(CONNECTION_COMMANDS.doctor, {
      label: trans.__('PostHog Doctor'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => {
        if (!page || page.isDisposed) {
          page = createPage(app, desk, trans);
          app.shell.add(page, 'main');
        }
        app.shell.activateById(page.id);
      }
    });
    for (const command of Object.values(CONNECTION_COMMANDS)) {
      palette?.addItem({ command, category: CATEGORY });
    }
  }
};

async function connect(
  app: JupyterFrontEnd,
  desk: IConnectionDesk,
  trans: TranslationBundle
): Promise<void> {
  const model = new ConnectModel(desk);
  model.connected.connect(() => refreshPanel(app));
  try {
    await askToConnect(model, trans);
  } finally {
    model.dispose();
  }
}

/** Let the sidebar, where it is on, find out where it is now. */
function refreshPanel(app: JupyterFrontEnd): void {
  if (app.commands.hasCommand(REFRESH_COMMAND)) {
    void app.commands.execute(REFRESH_COMMAND);
  }
}

function createPage(
  app: JupyterFrontEnd,
  desk: IConnectionDesk,
  trans: TranslationBundle
): MainAreaWidget {
  const model = new DoctorModel(desk);
  const draw = (state: IDoctorState) =>
    React.createElement(DoctorPage, {
      state,
      trans,
      onRefresh: () => void model.refresh(),
      onCopy: () => copy(model, trans),
      onConnect: () =>
        void app.commands.execute(CONNECTION_COMMANDS.connect).then(() => model.refresh()),
      onTest: name => void model.test(name),
      onRemove: name => void remove(app, model, name, trans)
    });
  const content = ReactWidget.create(
    React.createElement(UseSignal<DoctorModel, IDoctorState>, {
      signal: model.changed,
      initialArgs: model.state,
      children: (_, state) => draw(state ?? model.state)
    })
  );
  content.addClass('jp-PosthogDoctorPage');
  const page = new MainAreaWidget({ content });
  page.id = DOCTOR_ID;
  page.title.label = trans.__('PostHog Doctor');
  page.title.closable = true;
  page.disposed.connect(() => model.dispose());
  void model.refresh();
  return page;
}

function copy(model: DoctorModel, trans: TranslationBundle): void {
  const { report } = model.state;
  if (report) {
    Clipboard.copyToSystem(reportText(report, trans));
    Notification.success(trans.__('The report was copied.'), { autoClose: NOTICE_MS });
  }
}

async function remove(
  app: JupyterFrontEnd,
  model: DoctorModel,
  name: string,
  trans: TranslationBundle
): Promise<void> {
  const { button } = await showDialog({
    title: trans.__('Remove the connection “%1”?', name),
    body: trans.__('Its key is forgotten on this server. Notebooks in PostHog stay as they are.'),
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Remove') })]
  });
  if (button.accept) {
    await model.remove(name);
    refreshPanel(app);
  }
}
