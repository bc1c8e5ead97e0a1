import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry, ReactWidget } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IStatusBar, Popup, showPopup } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { INotebookAddress, isOnDrive, parsePath } from '../common/paths';
import { Popover } from '../common/popover';
import { ILiveChannel } from '../live/tokens';
import { IControlsState, KernelControls } from './controls';
import { IKernelDesk, KernelDesk } from './desk';
import { watchDetaching } from './detaching';
import { IShownKernel, KernelModel } from './model';
import { tellDetached, tellEnd } from './notices';
import { KernelPopover } from './popover';
import { StatusItem } from './statusItem';

const TICK_MS = 20_000;
const SHOW_COMMAND = 'posthog:show-kernel';

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
    const show = statusBar ? addItem(app, statusBar, desk, model, trans) : null;
    if (show) {
      palette?.addItem({ command: SHOW_COMMAND, category: 'PostHog' });
    }
    toolbars?.addFactory<NotebookPanel>('Notebook', 'posthogKernel', panel => {
      // In Notebook 7, which has no status bar, the line stands in the toolbar.
      const isNeeded = !statusBar && addressOf(panel) !== null;
      return isNeeded ? toolbarItem(desk, model, trans) : hidden();
    });
    model.warned.connect((_, warning) => tellEnd(warning, show, trans));
    followFront(app, tracker, model);
    tracker.widgetAdded.connect((_, panel) => followPanel(panel, desk, model, trans));
  }
};

/** Show the kernel of the notebook in front, if it is one of ours. */
function followFront(app: JupyterFrontEnd, tracker: INotebookTracker, model: KernelModel): void {
  const update = async () => {
    const panel = app.shell.currentWidget === tracker.currentWidget ? tracker.currentWidget : null;
    const address = panel && addressOf(panel);
    await panel?.context.ready.catch(() => undefined);
    await model.setCurrent(address, panel !== null && isBusy(panel));
  };
  tracker.currentChanged.connect(() => void update());
  app.shell.currentChanged?.connect(() => void update());
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
  desk: IKernelDesk,
  model: KernelModel,
  trans: TranslationBundle
): (address: INotebookAddress) => void {
  const item = itemOf(model, () => void app.commands.execute(SHOW_COMMAND), trans);
  let popup: Popup | null = null;
  const show = (address: INotebookAddress) => {
    if (popup && !popup.isDisposed) {
      popup.dispose();
      return;
    }
    const body = popoverOf(address, desk, model, trans);
    body.disposed.connect(() => item.node.querySelector('button')?.focus());
    popup = showPopup({ body, anchor: item, align: 'left', hasDynamicSize: true });
  };
  app.commands.addCommand(SHOW_COMMAND, {
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

/** The line for the toolbar of a notebook; the same popover opens below it. */
function toolbarItem(desk: IKernelDesk, model: KernelModel, trans: TranslationBundle): Widget {
  let popover: Popover | null = null;
  const item = itemOf(
    model,
    () => {
      const anchor = item.node.querySelector('button');
      if (popover && !popover.isDisposed) {
        popover.dispose();
      } else if (anchor && model.address) {
        const body = popoverOf(model.address, desk, model, trans);
        popover = new Popover(anchor, body, trans.__("PostHog's kernel of this notebook"));
        popover.open();
      }
    },
    trans
  );
  const showOrHide = () => item.setHidden(model.shown.kernel === null);
  model.activated.connect(showOrHide);
  item.disposed.connect(() => model.activated.disconnect(showOrHide));
  showOrHide();
  return item;
}

/** What Lab shows where there is nothing of ours. */
function hidden(): Widget {
  const widget = new Widget();
  widget.hide();
  return widget;
}

function itemOf(model: KernelModel, onOpen: () => void, trans: TranslationBundle): ReactWidget {
  const item = ReactWidget.create(
    React.createElement(UseSignal<KernelModel, IShownKernel>, {
      signal: model.changed,
      initialArgs: model.shown,
      children: (_, shown) =>
        React.createElement(StatusItem, {
          shown: shown ?? model.shown,
          nowMs: Date.now(),
          onOpen,
          trans
        })
    })
  );
  item.addClass('jp-PosthogKernelItem');
  return item;
}

function popoverOf(
  address: INotebookAddress,
  desk: IKernelDesk,
  model: KernelModel,
  trans: TranslationBundle
): ReactWidget {
  const accepted = model.accept.bind(model, address);
  const controls = new KernelControls({ desk, address, accepted });
  const draw = (state: IControlsState) =>
    React.createElement(KernelPopover, {
      state,
      isBusy: model.shown.isBusy,
      onStop: () => void controls.stop(),
      onRestart: () => void controls.restart(),
      onPreview: size => void controls.preview(size),
      onResize: size => void controls.resize(size),
      trans
    });
  const body = ReactWidget.create(
    React.createElement(UseSignal<KernelControls, IControlsState>, {
      signal: controls.changed,
      initialArgs: controls.state,
      children: (_, state) => draw(state ?? controls.state)
    })
  );
  body.disposed.connect(() => controls.dispose());
  // A button that gives way to a question is gone when the popup asks where the click was; that is not outside.
  body.node.addEventListener('click', event => event.stopPropagation());
  void controls.read();
  return body;
}

function addressOf(panel: NotebookPanel): INotebookAddress | null {
  return isOnDrive(panel.context.path) ? parsePath(panel.context.path) : null;
}

function isBusy(panel: NotebookPanel): boolean {
  return panel.sessionContext.session?.kernel?.status === 'busy';
}
