import { browserPlugin } from './browser/plugin';
import { cellsPlugin } from './cells/plugin';
import { sqlPlugin } from './cells/sqlPlugin';
import { conflictPlugin } from './conflict/plugin';
import { connectionPlugin } from './connection/plugin';
import { drivePlugin } from './drive/plugin';
import { framesPlugin } from './frames/plugin';
import { kernelPlugin } from './kernel/plugin';
import { livePlugin } from './live/plugin';

export { INotebookOpener } from './drive/tokens';
export { ILiveChannel } from './live/tokens';

/** Every plugin of the extension; each can be switched off alone. */
export default [
  connectionPlugin,
  drivePlugin,
  livePlugin,
  conflictPlugin,
  browserPlugin,
  kernelPlugin,
  cellsPlugin,
  sqlPlugin,
  framesPlugin
];
