import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IStatusBar, Popup, showPopup } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { addressOn, INotebookAddress, isSameNotebook } from '../common/paths';
import { nothing } from '../common/toolbar';
import { ILiveChannel } from '../live/tokens';
import { addKernelCommands, KERNEL_COMMANDS } from './commands';
import { IKernelDesk, KernelDesk } from './desk';
import { watchDetaching } from './detaching';
import { previewIn } from './framePreview';
import { KernelModel } from './model';
import { tellDetached, tellEnd } from './notices';
import { IKernelView, itemOf, popoverOf, toolbarItem } from './views';

const TICK_MS = 20_000;

/** PostHog's kernel of the notebook in front: its state, its end, what would be lost, its size. */
export const kernelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:kernel',
  description: "Shows PostHog's kernel of a notebook, and tells when it ends.",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [IStatusBar, IToolbarWidgetRegistry, ILiveChannel, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    statusBar: IStatusBar | null,
    toolbars: IToolbarWidgetRegistry | null,
    channel: ILiveChannel | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const desk = new KernelDesk(app.serviceManager.serverSettings);
    const clocks = channel?.kernelClock ?? null;
    const model = new KernelModel({ desk, clocks, tickMs: TICK_MS });
    const previewFrame = (address: INotebookAddress, name: string) => {
      const panel = tracker.find(other => {
        const shown = addressOf(other);
        return shown !== null && isSameNotebook(shown, address);
      });
      if (panel) {
        void previewIn(panel, name);
      }
    };
    const view = { desk, model, previewFrame, trans };
    const show = statusBar ? addItem(app, statusBar, view) : null;
    addKernelCommands(app, {
      desk,
      front: () => panelInFront(app, tracker),
      accepted: (address, kernel) => model.accept(address, kernel),
      trans
    });
    for (const command of Object.values(KERNEL_COMMANDS)) {
      if (app.commands.hasCommand(command)) {
        palette?.addItem({ command, category: 'PostHog' });
      }
    }
    toolbars?.addFactory<NotebookPanel>('Notebook', 'posthogKernel', panel => {
      // In Notebook 7, which has no status bar, the line stands in the toolbar.
      const isNeeded = !statusBar && addressOf(panel) !== null;
      return isNeeded ? toolbarItem(view) : nothing();
    });
    model.warned.connect((_, warning) => tellEnd(warning, show, trans));
    followFront(app, tracker, model);
    tracker.widgetAdded.connect((_, panel) => followPanel(panel, desk, model, trans));
  }
};

/** Show the kernel of the notebook in front, if it is one of ours. */
function followFront(app: JupyterFrontEnd, tracker: INotebookTracker, model: KernelModel): void {
  const update = async () => {
    const panel = panelInFront(app, tracker);
    const address = panel && addressOf(panel);
    await panel?.context.ready.catch(() => undefined);
    await model.setCurrent(address, panel !== null && isBusy(panel));
  };
  tracker.currentChanged.connect(() => void update());
  app.shell.currentChanged?.connect(() => void update());
}

function panelInFront(app: JupyterFrontEnd, tracker: INotebookTracker): NotebookPanel | null {
  return app.shell.currentWidget === tracker.currentWidget ? tracker.currentWidget : null;
}

function followPanel(
  panel: NotebookPanel,
  desk: IKernelDesk,
  model: KernelModel,
  trans: TranslationBundle
): void {
  const address = addressOf(panel);
  if (!address) {
    return;
  }
  model.open(address);
  panel.sessionContext.statusChanged.connect(() => {
    if (model.address?.shortId === address.shortId) {
      void model.setBusy(isBusy(panel));
    }
  });
  const accepted = model.accept.bind(model, address);
  watchDetaching(panel.sessionContext, address, desk, kernel =>
    tellDetached(address, kernel, { desk, accepted, trans })
  );
  panel.disposed.connect(() => model.forget(address));
}

/** Add the line in the status bar; returns what opens the popover above it. */
function addItem(
  app: JupyterFrontEnd,
  statusBar: IStatusBar,
  view: IKernelView
): (address: INotebookAddress) => void {
  const { model, trans } = view;
  const item = itemOf(view, () => void app.commands.execute(KERNEL_COMMANDS.show));
  let popup: Popup | null = null;
  const show = (address: INotebookAddress) => {
    if (popup && !popup.isDisposed) {
      popup.dispose();
      return;
    }
    const body = popoverOf(address, view);
    body.disposed.connect(() => item.node.querySelector('button')?.focus());
    popup = showPopup({ body, anchor: item, align: 'left', hasDynamicSize: true });
  };
  app.commands.addCommand(KERNEL_COMMANDS.show, {
    label: trans.__("Show PostHog's Kernel"),
    isEnabled: () => model.shown.kernel !== null,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      if (model.address) {
        show(model.address);
      }
    }
  });
  statusBar.registerStatusItem('jupyter-posthog:kernel', {
    item,
    // Beside Lab's own line about the kernel; on the right, notices would cover it.
    align: 'left',
    rank: 3,
    isActive: () => model.shown.kernel !== null,
    activeStateChanged: model.activated
  });
  return show;
}

function addressOf(panel: NotebookPanel): INotebookAddress | null {
  return addressOn(panel.context.path);
}

function isBusy(panel: NotebookPanel): boolean {
  return panel.sessionContext.session?.kernel?.status === 'busy';
}
