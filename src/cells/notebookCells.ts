import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';

/**
 * Follow the cells of a notebook, as they come, move and go.
 *
 * Lab makes another widget for a cell that moves, is undone or changes its kind.
 *
 * @param attach - returns what belongs to one cell widget, or null; it is disposed with the widget
 */
export function followCells(
  notebook: Notebook,
  attach: (cell: Cell) => IDisposable | null
): IDisposable {
  const attached = new Map<Cell, IDisposable | null>();
  let isDisposed = false;
  const update = () => {
    for (const cell of notebook.widgets) {
      if (!attached.has(cell) && !cell.isDisposed) {
        attached.set(cell, attach(cell));
        cell.disposed.connect(forget);
      }
    }
  };
  const forget = (cell: unknown) => {
    attached.get(cell as Cell)?.dispose();
    attached.delete(cell as Cell);
  };
  // Lab's own slot comes first, so that its widgets are there.
  const follow = () => {
    notebook.model?.cells.changed.connect(update);
    update();
  };
  notebook.modelChanged.connect(follow);
  follow();
  const followed = {
    get isDisposed(): boolean {
      return isDisposed;
    },
    dispose: () => {
      if (isDisposed) {
        return;
      }
      isDisposed = true;
      if (!notebook.isDisposed) {
        notebook.modelChanged.disconnect(follow);
        notebook.model?.cells.changed.disconnect(update);
      }
      attached.forEach((one, cell) => {
        cell.disposed.disconnect(forget);
        one?.dispose();
      });
      attached.clear();
    }
  };
  notebook.disposed.connect(() => followed.dispose());
  return followed;
}
