import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { Widget } from '@lumino/widgets';
import * as React from 'react';
import type { INotebookAddress } from '../common/paths';
import { Popover } from '../common/popover';
import { IControlsState, KernelControls } from './controls';
import type { IKernelDesk } from './desk';
import type { IShownKernel, KernelModel } from './model';
import { KernelPopover } from './popover';
import { StatusItem } from './statusItem';

/** What the line and its popover need. */
export interface IKernelView {
  desk: IKernelDesk;
  model: KernelModel;
  /** Shows the first rows of a frame below the cell in front. */
  previewFrame: (address: INotebookAddress, name: string) => void;
  trans: TranslationBundle;
}

/** The line for the toolbar of a notebook; the same popover opens below it. */
export function toolbarItem(view: IKernelView): Widget {
  const { model, trans } = view;
  let popover: Popover | null = null;
  const item = itemOf(view, () => {
    const anchor = item.node.querySelector('button');
    if (popover && !popover.isDisposed) {
      popover.dispose();
    } else if (anchor && model.address) {
      const body = popoverOf(model.address, view);
      popover = new Popover(anchor, body, trans.__("PostHog's kernel of this notebook"));
      popover.open();
    }
  });
  const showOrHide = () => item.setHidden(model.shown.kernel === null);
  model.activated.connect(showOrHide);
  item.disposed.connect(() => model.activated.disconnect(showOrHide));
  showOrHide();
  return item;
}

/** The line about the kernel of the notebook in front. */
export function itemOf({ model, trans }: IKernelView, onOpen: () => void): ReactWidget {
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

/** What more there is to say of one kernel, and to do with it. */
export function popoverOf(
  address: INotebookAddress,
  { desk, model, previewFrame, trans }: IKernelView
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
      onPreviewFrame: name => previewFrame(address, name),
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
