import type { INotebookModel } from '@jupyterlab/notebook';
import type * as nbformat from '@jupyterlab/nbformat';
import type { PartialJSONObject } from '@lumino/coreutils';
import type { IOpenCell, IOpenNotebook } from './apply';
import type { ICell, IMetadataMap } from './cells';

/** A code cell, as far as its outputs go. */
interface ICodeCell {
  setOutputs(outputs: unknown[]): void;
  execution_count: number | null;
}

/** Gives `showStored` the cells of an open notebook. */
export function openNotebookOf(model: INotebookModel): IOpenNotebook {
  const shared = model.sharedModel;
  return {
    get cells(): readonly IOpenCell[] {
      return shared.cells.map(cell => ({
        id: cell.getId(),
        type: cell.cell_type,
        get source() {
          return cell.getSource();
        },
        set source(text: string) {
          cell.setSource(text);
        },
        setPosthog(value: IMetadataMap | undefined) {
          if (value) {
            cell.setMetadata('posthog', value as PartialJSONObject);
          } else {
            cell.deleteMetadata('posthog');
          }
        },
        takeOutputs(from: ICell) {
          if (cell.cell_type === 'code') {
            const code = cell as unknown as ICodeCell;
            // Emptied first: Lab joins a stream's text to the stream that stands there, and then removes both.
            code.setOutputs([]);
            code.setOutputs(from.outputs ?? []);
            code.execution_count = from.execution_count ?? null;
          }
        }
      }));
    },
    insert: (index: number, cell: ICell) => {
      shared.insertCell(index, cell as unknown as nbformat.ICell & { cell_type: 'raw' });
    },
    remove: (index: number) => shared.deleteCell(index),
    move: (from: number, to: number) => shared.moveCell(from, to),
    setPosthog: (value: IMetadataMap | undefined) => {
      if (value) {
        shared.setMetadata('posthog', value as PartialJSONObject);
      }
    }
  };
}
