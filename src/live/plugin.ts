import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import { Debouncer } from '@lumino/polling';
import { Panel, Widget } from '@lumino/widgets';
import { COMPARE_COMMAND } from '../common/commands';
import { isOnDrive, localPath, parsePath } from '../common/paths';
import { nothing } from '../common/toolbar';
import { INotebookOpener, IShownVersions } from '../drive/tokens';
import { LiveChannel } from './channel';
import { IShownNotebook, OpenNotebooks } from './openNotebooks';
import { StateWidget } from './stateWidget';
import { ILiveChannel } from './tokens';

/** Several notebooks that open at once, as after a reload of the page, are told once. */
const TOGETHER_MS = 200;

/** What happens in PostHog to notebooks that are open here. */
export const livePlugin: JupyterFrontEndPlugin<ILiveChannel> = {
  id: 'jupyter-posthog:live',
  description: 'Tells what happens in PostHog to the notebooks that are open in this page.',
  autoStart: true,
  provides: ILiveChannel,
  requires: [INotebookOpener, INotebookTracker],
  optional: [IToolbarWidgetRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    opener: INotebookOpener,
    tracker: INotebookTracker,
    toolbars: IToolbarWidgetRegistry | null,
    translator: ITranslator | null
  ): ILiveChannel => {
    const { versions } = opener;
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const { events, serverSettings } = app.serviceManager;
    const channel = new LiveChannel(events.stream);
    const open = new OpenNotebooks({
      serverSettings,
      pageId: UUID.uuid4(),
      shown: () => shownIn(tracker, versions)
    });
    open.known.connect((_, notebook) => channel.known.emit(notebook));
    tellWhatIsOpen(tracker, open);
    window.addEventListener('pagehide', () => open.leave());
    const compare = (path: string) => void app.commands.execute(COMPARE_COMMAND, { path });
    toolbars?.addFactory<NotebookPanel>('Notebook', 'posthogState', panel =>
      isOnDrive(panel.context.path)
        ? stateItem(panel, opener, { channel, compare, trans })
        : nothing()
    );
    return channel;
  }
};

function shownIn(tracker: INotebookTracker, versions: IShownVersions): IShownNotebook[] {
  const shown: IShownNotebook[] = [];
  tracker.forEach(({ context }) => {
    if (parsePath(context.path) && isOnDrive(context.path) && context.isReady) {
      shown.push({ path: localPath(context.path), version: versions.shown(context.path) });
    }
  });
  return shown;
}

function tellWhatIsOpen(tracker: INotebookTracker, open: OpenNotebooks): void {
  const telling = new Debouncer(() => open.update(), TOGETHER_MS);
  // The next renewal tells again what could not be told now.
  const tell = () => void telling.invoke().catch(() => undefined);
  tracker.widgetAdded.connect((_, panel) => {
    if (isOnDrive(panel.context.path)) {
      void panel.context.ready.then(tell, () => undefined);
      panel.disposed.connect(tell);
    }
  });
}

/** The place of a notebook's state in its toolbar; filled once the notebook is there. */
function stateItem(
  panel: NotebookPanel,
  { edits, versions }: INotebookOpener,
  options: { channel: LiveChannel; compare: (path: string) => void; trans: TranslationBundle }
): Widget {
  const place = new Panel();
  void panel.context.ready.then(() => {
    const one = edits.of(panel.context.path);
    if (one && !place.isDisposed) {
      place.addWidget(new StateWidget({ edits: one, versions, ...options }));
    }
  });
  return place;
}
