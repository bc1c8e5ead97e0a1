import { browserPlugin } from './browser/plugin';
import { drivePlugin } from './drive/plugin';

export { INotebookOpener } from './drive/tokens';

/** Every plugin of the extension; each can be switched off alone. */
export default [drivePlugin, browserPlugin];
