import type { INotebookModel } from '@jupyterlab/notebook';
import type * as nbformat from '@jupyterlab/nbformat';
import type { PartialJSONObject } from '@lumino/coreutils';
import type { IOpenCell, IOpenNotebook } from './apply';
import type { ICell, IMetadataMap } from './cells';

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
        }
      }));
    },
    insert: (index: number, cell: ICell) => {
      shared.insertCell(index, cell as unknown as nbformat.ICell & { cell_type: 'raw' });
    },
    remove: (index: number) => shared.deleteCell(index),
    setPosthog: (value: IMetadataMap | undefined) => {
      if (value) {
        shared.setMetadata('posthog', value as PartialJSONObject);
      }
    }
  };
}
