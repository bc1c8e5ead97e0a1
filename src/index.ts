import { browserPlugin } from './browser/plugin';
import { cellsPlugin } from './cells/plugin';
import { cellCommandsPlugin } from './cells/commandsPlugin';
import { sqlPlugin } from './cells/sqlPlugin';
import { notebookToolbarPlugin } from './cells/toolbarPlugin';
import { conflictPlugin } from './conflict/plugin';
import { connectionPlugin } from './connection/plugin';
import { drivePlugin } from './drive/plugin';
import { treePathPlugin } from './drive/treePathPlugin';
import { historyPlugin } from './history/plugin';
import { framesPlugin } from './frames/plugin';
import { kernelPlugin } from './kernel/plugin';
import { livePlugin } from './live/plugin';

export { INotebookViews } from './cells/tokens';
export { INotebookOpener } from './drive/tokens';
export { ILiveChannel } from './live/tokens';

/** Every plugin of the extension; each can be switched off alone. */
export default [
  connectionPlugin,
  drivePlugin,
  treePathPlugin,
  livePlugin,
  conflictPlugin,
  browserPlugin,
  historyPlugin,
  kernelPlugin,
  cellsPlugin,
  cellCommandsPlugin,
  notebookToolbarPlugin,
  sqlPlugin,
  framesPlugin
];
