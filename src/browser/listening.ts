import type { Contents } from '@jupyterlab/services';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ISignal } from '@lumino/signaling';
import { addressOn } from '../common/paths';
import type { ILiveChannel } from '../live/tokens';
import type { SidebarMemory } from './memory';
import type { BrowserModel } from './model';
import { titleIn } from '../common/fileNames';

/** Show what the server tells of PostHog. */
export function followChannel(channel: ILiveChannel, model: BrowserModel): void {
  channel.changed.connect((_, { connection, project_id, short_id, by }) => {
    const address = { connection, projectId: project_id, shortId: short_id };
    model.showChange({ address, by, at: new Date().toISOString() });
  });
  channel.limits.connect((_, { host, project_id, wait_s }) =>
    model.showPause({ host, projectId: project_id, waitS: wait_s })
  );
}

/** Show what is done to files of the drive in this page, by whatever part of Lab. */
export function followFiles(
  changes: ISignal<unknown, Contents.IChangedArgs>,
  model: BrowserModel,
  memory: SidebarMemory
): void {
  changes.connect((_, { type, oldValue, newValue }) => {
    const path = (type === 'rename' ? newValue?.path : oldValue?.path) ?? '';
    const address = addressOn(path);
    if (address && type === 'rename') {
      model.showTitle(address, titleIn(path));
      memory.retitled(address, titleIn(path));
    } else if (address && type === 'delete') {
      model.showRemoval(address);
    }
  });
}

/** Show which notebooks are open, and remember those that a person opens. */
export function followOpenNotebooks(
  tracker: INotebookTracker,
  restored: Promise<void>,
  model: BrowserModel,
  memory: SidebarMemory
): void {
  let isRestored = false;
  void restored.then(() => {
    isRestored = true;
  });
  const remember = ({ context }: NotebookPanel) => {
    const address = addressOn(context.path);
    if (address && isRestored) {
      memory.opened({ ...address, title: titleIn(context.path), at: new Date().toISOString() });
    }
  };
  tracker.widgetAdded.connect((_, panel) => {
    remember(panel);
    model.showMarks();
    panel.disposed.connect(model.showMarks);
  });
}
