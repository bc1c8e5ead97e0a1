import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, ReactWidget, showErrorMessage } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { CONNECTION_COMMANDS, REFRESH_COMMAND } from '../common/commands';
import { sentence } from '../common/messages';
import { INotebookAddress } from '../common/paths';
import { INotebookOpener } from '../drive/tokens';
import { ILiveChannel } from '../live/tokens';
import { posthogIcon } from './icon';
import { BrowserModel, IPlace } from './model';
import { BrowserPanel } from './panel';
import type { INotebookRow } from './rows';

const PANEL_ID = 'jp-posthog-panel';
const SETTINGS_ID = 'jupyter-posthog:plugin';
const PAGE_SIZE = 100;
const SEARCH_DELAY_MS = 300;
const CATEGORY = 'PostHog';

/** Command names. */
export const COMMANDS = {
  open: 'posthog:open-notebook',
  create: 'posthog:new-notebook',
  refresh: REFRESH_COMMAND,
  show: 'posthog:show-panel'
};

/** The sidebar with PostHog's notebooks. */
export const browserPlugin: JupyterFrontEndPlugin<void> = {
  id: SETTINGS_ID,
  description: 'The sidebar with the notebooks of a PostHog project.',
  autoStart: true,
  requires: [INotebookOpener],
  optional: [
    ILayoutRestorer,
    ICommandPalette,
    ISettingRegistry,
    INotebookTracker,
    ILiveChannel,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    opener: INotebookOpener,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    settings: ISettingRegistry | null,
    tracker: INotebookTracker | null,
    channel: ILiveChannel | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const model = new BrowserModel({
      serverSettings: app.serviceManager.serverSettings,
      pageSize: PAGE_SIZE,
      searchDelayMs: SEARCH_DELAY_MS
    });
    addCommands(app, model, opener, palette, trans);
    const panel = createPanel(app, model, trans, opener);
    app.shell.add(panel, 'left', { rank: 550, type: CATEGORY });
    restorer?.add(panel, PANEL_ID);
    tracker?.widgetAdded.connect((_, notebook) => {
      model.showOpenNotebooks();
      notebook.disposed.connect(() => model.showOpenNotebooks());
    });
    if (channel) {
      listen(channel, model);
    }
    void readSettings(settings, model);
    void app.restored.then(() => model.refresh());
  }
};

function listen(channel: ILiveChannel, model: BrowserModel): void {
  channel.changed.connect((_, { connection, project_id, short_id, by }) => {
    const address = { connection, projectId: project_id, shortId: short_id };
    model.showChange({ address, by, at: new Date().toISOString() });
  });
  channel.limits.connect((_, { host, project_id, wait_s }) =>
    model.showPause({ host, projectId: project_id, waitS: wait_s })
  );
}

async function readSettings(registry: ISettingRegistry | null, model: BrowserModel): Promise<void> {
  const settings = await registry?.load(SETTINGS_ID);
  const apply = () => {
    model.pageSize = (settings?.get('pageSize').composite as number | undefined) ?? PAGE_SIZE;
  };
  settings?.changed.connect(apply);
  apply();
}

function createPanel(
  app: JupyterFrontEnd,
  model: BrowserModel,
  trans: TranslationBundle,
  opener: INotebookOpener
): ReactWidget {
  const panel = ReactWidget.create(
    React.createElement(BrowserPanel, {
      model,
      trans,
      isOpen: (place: IPlace, row: INotebookRow) => opener.isOpen(addressOf(place, row)),
      onOpen: (place: IPlace, row: INotebookRow) =>
        void app.commands.execute(COMMANDS.open, argumentsOf(addressOf(place, row))),
      onNew: () => void app.commands.execute(COMMANDS.create),
      // The dialog is another feature, which may be switched off.
      canConnect: () => app.commands.hasCommand(CONNECTION_COMMANDS.connect),
      onConnect: () => void app.commands.execute(CONNECTION_COMMANDS.connect),
      onDoctor: () => void app.commands.execute(CONNECTION_COMMANDS.doctor)
    })
  );
  panel.id = PANEL_ID;
  panel.addClass('jp-PosthogPanel');
  panel.title.icon = posthogIcon;
  panel.title.caption = trans.__('PostHog notebooks');
  panel.node.setAttribute('role', 'region');
  panel.node.setAttribute('aria-label', trans.__('PostHog notebooks'));
  return panel;
}

function addressOf(place: IPlace, row: INotebookRow): INotebookAddress {
  return { connection: place.connection.name, projectId: place.project.id, shortId: row.short_id };
}

function argumentsOf(address: INotebookAddress): {
  connection: string;
  project_id: number;
  short_id: string;
} {
  return {
    connection: address.connection,
    project_id: address.projectId,
    short_id: address.shortId
  };
}

function addCommands(
  app: JupyterFrontEnd,
  model: BrowserModel,
  opener: INotebookOpener,
  palette: ICommandPalette | null,
  trans: TranslationBundle
): void {
  const orExplain = async (title: string, action: () => Promise<void>) => {
    try {
      await action();
    } catch (error) {
      await showErrorMessage(title, sentence(trans, error));
    }
  };
  app.commands.addCommand(COMMANDS.open, {
    label: trans.__('Open PostHog Notebook'),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          connection: { type: 'string' },
          project_id: { type: 'integer' },
          short_id: { type: 'string' }
        },
        required: ['connection', 'project_id', 'short_id']
      }
    },
    execute: args =>
      orExplain(trans.__('The notebook cannot be opened'), () =>
        opener.open({
          connection: String(args.connection),
          projectId: Number(args.project_id),
          shortId: String(args.short_id)
        })
      )
  });
  app.commands.addCommand(COMMANDS.create, {
    label: trans.__('New PostHog Notebook'),
    icon: posthogIcon,
    isEnabled: () => model.state.place !== null,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () =>
      orExplain(trans.__('The notebook cannot be created'), async () => {
        const { place } = model.state;
        if (place) {
          await opener.create(place.connection.name, place.project.id);
          await model.refresh();
        }
      })
  });
  app.commands.addCommand(COMMANDS.refresh, {
    label: trans.__('Refresh the List of PostHog Notebooks'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => model.refresh()
  });
  app.commands.addCommand(COMMANDS.show, {
    label: trans.__('Show PostHog Notebooks'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => app.shell.activateById(PANEL_ID)
  });
  for (const command of [COMMANDS.create, COMMANDS.refresh, COMMANDS.show]) {
    palette?.addItem({ command, category: CATEGORY });
  }
}
