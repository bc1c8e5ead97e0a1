import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import {
  argumentsOf,
  CONNECTION_COMMANDS,
  NOTEBOOK_COMMANDS,
  SIDEBAR_COMMANDS
} from '../common/commands';
import { addressOf, ISidebarActions } from './actions';
import type { Choosers } from './choosers';
import { cleared } from './filters';
import type { BrowserModel } from './model';

/** What is pressed in the sidebar, as commands: whatever it does can be done without it too. */
export function sidebarActions(options: {
  commands: JupyterFrontEnd['commands'];
  model: BrowserModel;
  choosers: Choosers;
}): ISidebarActions {
  const { commands, model, choosers } = options;
  const run = (id: string, args: ReadonlyPartialJSONObject = {}) => void commands.execute(id, args);
  // The dialog and the page are another feature, which may be switched off.
  const ifThere = (id: string) => (commands.hasCommand(id) ? () => run(id) : null);
  return {
    open: address => run(NOTEBOOK_COMMANDS.open, argumentsOf(address)),
    create: () => run(NOTEBOOK_COMMANDS.create),
    importFiles: () => run(NOTEBOOK_COMMANDS.importFiles),
    rename: (row, title) => {
      const { place } = model.state;
      if (place) {
        const args = argumentsOf(addressOf(place, row));
        run(NOTEBOOK_COMMANDS.rename, { ...args, title: row.title ?? '', new_title: title });
      }
    },
    restore: notebook =>
      run(NOTEBOOK_COMMANDS.restore, { ...argumentsOf(notebook), title: notebook.title }),
    refresh: () => run(SIDEBAR_COMMANDS.refresh),
    filter: change => void model.filter(change),
    clearFilters: () => void model.filter(cleared(model.state.filters)),
    choosePlace: anchor => void choosers.place(anchor),
    chooseAuthor: anchor => choosers.author(anchor),
    chooseSince: anchor => choosers.since(anchor),
    chooseContains: anchor => choosers.contains(anchor),
    chooseSort: anchor => choosers.sort(anchor),
    get connect() {
      return ifThere(CONNECTION_COMMANDS.connect);
    },
    get examine() {
      return ifThere(CONNECTION_COMMANDS.doctor);
    }
  };
}
