import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { Widget } from '@lumino/widgets';
import type { BrowserModel } from './model';
import type { SelectionModel } from './selection';
import type { ISurroundings } from './targets';

/** Find out where in Lab a person is. */
export function surroundingsIn(options: {
  app: JupyterFrontEnd;
  tracker: INotebookTracker | null;
  panel: () => Widget;
  model: BrowserModel;
  selection: SelectionModel;
}): ISurroundings {
  const { app, tracker, panel, model, selection } = options;
  let isInList = false;
  document.addEventListener('focusin', ({ target }) => {
    // Menus and the palette take the focus too, but are about where it was before.
    if (target instanceof Node && panel().node.contains(target)) {
      isInList = true;
    } else if (target instanceof Node && app.shell.currentWidget?.node.contains(target)) {
      isInList = false;
    }
  });
  app.shell.currentChanged?.connect(() => {
    isInList = false;
  });
  const pathOf = (widget: Widget | null | undefined): string | null =>
    tracker?.find(other => other === widget)?.context.path ?? null;
  return {
    selected: () => selection.rows,
    place: () => model.state.place,
    titleOf: shortId => model.state.rows.find(row => row?.short_id === shortId)?.title ?? '',
    isInList: () => isInList && panel().isVisible,
    pathInFront: () => pathOf(app.shell.currentWidget),
    pathOfTab: () => {
      const tab = app.contextMenuHitTest(node => node.dataset.id !== undefined && isTab(node));
      return tab
        ? pathOf([...app.shell.widgets('main')].find(({ id }) => id === tab.dataset.id))
        : null;
    }
  };
}

function isTab(node: HTMLElement): boolean {
  return node.classList.contains('lm-TabBar-tab');
}
