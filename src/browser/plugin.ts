import {
  ILayoutRestorer,
  IRouter,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { NOTEBOOK_COMMANDS, SIDEBAR_COMMANDS } from '../common/commands';
import { isSameNotebook, parsePath } from '../common/paths';
import { Toasts } from '../common/toasts';
import { INotebookOpener } from '../drive/tokens';
import { ILiveChannel } from '../live/tokens';
import { Choosers } from './choosers';
import { addChangingCommands } from './commands/changing';
import type { ISidebarContext } from './commands/context';
import { addFileCommands } from './commands/files';
import { addOpeningCommands } from './commands/opening';
import { addSidebarCommands } from './commands/sidebar';
import { addTrashCommands } from './commands/trash';
import { addDeepLink } from './deepLink';
import { KernelMarks } from './kernelMarks';
import { followChannel, followFiles, followOpenNotebooks } from './listening';
import { ListDesk } from './listDesk';
import { IMemory, SidebarMemory } from './memory';
import { BrowserModel } from './model';
import { NotebookDesk } from './notebookDesk';
import { PlaceDesk } from './places';
import { Refreshing } from './refreshing';
import { SelectionModel } from './selection';
import { sidebarActions } from './sidebarActions';
import { followSettings } from './sidebarSettings';
import { surroundingsIn } from './surroundings';
import { Targets } from './targets';
import { PANEL_ID, SidebarWidget } from './widget';

const CATEGORY = 'PostHog';
const PAGE_SIZE = 100;
const SEARCH_DELAY_MS = 300;
const REFRESH_MS = 60_000;

/** The sidebar with PostHog's notebooks. */
export const browserPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:plugin',
  description:
    'The sidebar with the notebooks of a PostHog project, and what can be done with them.',
  autoStart: true,
  requires: [INotebookOpener],
  optional: [
    ILayoutRestorer,
    ICommandPalette,
    ISettingRegistry,
    INotebookTracker,
    ILiveChannel,
    IStateDB,
    ILauncher,
    IRouter,
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
    stateDB: IStateDB | null,
    launcher: ILauncher | null,
    router: IRouter | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const { serverSettings, contents } = app.serviceManager;
    const places = new PlaceDesk(serverSettings);
    const list = new ListDesk(serverSettings);
    const memory = new SidebarMemory(stateDB);
    const model = new BrowserModel({
      list,
      places,
      pageSize: PAGE_SIZE,
      searchDelayMs: SEARCH_DELAY_MS
    });
    const selection = followRows(model);
    const running = new KernelMarks(channel?.kernelClock ?? null);
    running.changed.connect(() => model.showMarks());
    const choosers = new Choosers({ commands: app.commands, model, places, trans });
    const ask = lookAgain(model, memory, memory.load());
    const refreshing = new Refreshing({ ask, intervalMs: REFRESH_MS });
    const panel = new SidebarWidget({
      props: {
        model,
        selection,
        memory,
        marks: {
          isOpen: address => opener.isOpen(address),
          isRunning: address => running.isRunning(address)
        },
        actions: sidebarActions({ commands: app.commands, model, choosers }),
        trans
      },
      refreshing
    });
    const notebooks = new NotebookDesk({
      serverSettings,
      contents,
      findOpen: address =>
        tracker?.find(({ context }) => {
          const other = parsePath(context.path);
          return other !== null && isSameNotebook(other, address);
        })?.context
    });
    const around = surroundingsIn({ app, tracker, panel: () => panel, model, selection });
    const targets = new Targets(around);
    const toasts = new Toasts();
    const context = {
      app,
      model,
      memory,
      opener,
      notebooks,
      places,
      targets,
      toasts,
      panel,
      trans
    };
    addCommands(context, palette, launcher);
    app.shell.add(panel, 'left', { rank: 550, type: CATEGORY });
    restorer?.add(panel, PANEL_ID);
    followFiles(contents.fileChanged, model, memory);
    if (tracker) {
      followOpenNotebooks(tracker, app.restored, model, memory);
    }
    if (channel) {
      followChannel(channel, model);
    }
    if (router) {
      addDeepLink(app, router);
    }
    void followSettings(settings, { model, refreshing });
  }
};

/** Keep what is selected with the rows, wherever they move. */
function followRows(model: BrowserModel): SelectionModel {
  const selection = new SelectionModel();
  let question = model.state.question;
  model.changed.connect((_, state) => {
    if (state.question !== question) {
      question = state.question;
      selection.reset();
    }
    selection.update(state.rows);
  });
  return selection;
}

/** Begin where the person was, the first time; look again, each time after that. */
function lookAgain(
  model: BrowserModel,
  memory: SidebarMemory,
  remembered: Promise<IMemory>
): () => Promise<void> {
  let isBegun = false;
  return async () => {
    if (isBegun) {
      await model.refresh();
    } else {
      isBegun = true;
      const { place, sort, isDescending } = await remembered;
      // A command may have been sent somewhere before the panel was ever seen.
      await model.start(model.state.place ?? place, { sort, isDescending });
      model.changed.connect((_, state) => rememberPlace(memory, state));
      rememberPlace(memory, model.state);
    }
    if (model.state.error) {
      throw model.state.error; // so that the next time comes later
    }
  };
}

function rememberPlace(memory: SidebarMemory, { place, filters }: BrowserModel['state']): void {
  const { sort, isDescending } = filters;
  const known = memory.state;
  const isSame =
    known.sort === sort &&
    known.isDescending === isDescending &&
    JSON.stringify(known.place) === JSON.stringify(place);
  if (place && !isSame) {
    memory.remember({ place, sort, isDescending });
  }
}

function addCommands(
  context: ISidebarContext,
  palette: ICommandPalette | null,
  launcher: ILauncher | null
): void {
  addSidebarCommands(context);
  addOpeningCommands(context);
  addChangingCommands(context);
  addTrashCommands(context);
  addFileCommands(context);
  const { show, search, refresh, connectAnother } = SIDEBAR_COMMANDS;
  for (const command of [...Object.values(NOTEBOOK_COMMANDS), show, search, refresh]) {
    palette?.addItem({ command, category: CATEGORY });
  }
  palette?.addItem({ command: connectAnother, category: CATEGORY });
  for (const format of ['markdown', 'html']) {
    palette?.addItem({
      command: NOTEBOOK_COMMANDS.exportFiles,
      args: { format },
      category: CATEGORY
    });
  }
  launcher?.add({
    command: NOTEBOOK_COMMANDS.create,
    args: { is_short: true },
    category: CATEGORY,
    rank: 1
  });
  launcher?.add({ command: NOTEBOOK_COMMANDS.openReference, category: CATEGORY, rank: 2 });
}
