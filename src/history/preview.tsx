import type { IEditorMimeTypeService } from '@jupyterlab/codeeditor';
import type { INotebookContent } from '@jupyterlab/nbformat';
import { NotebookModel, StaticNotebook } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

/** The parts of Lab that draw a notebook. */
export interface IPreviewTools {
  rendermime: IRenderMimeRegistry;
  contentFactory: StaticNotebook.IContentFactory;
  mimeTypeService: IEditorMimeTypeService;
}

/** A notebook as it was, drawn by Lab itself: nothing of it is trusted, and nothing can be typed or run. */
export function Preview(props: {
  content: unknown;
  tools: IPreviewTools;
  label: string;
}): JSX.Element {
  const place = React.useRef<HTMLDivElement>(null);
  const { content, tools } = props;
  React.useEffect(() => {
    const notebook = drawn(content as INotebookContent, tools);
    if (place.current) {
      Widget.attach(notebook, place.current);
    }
    return () => {
      notebook.model?.dispose();
      notebook.dispose();
    };
  }, [content, tools]);
  return (
    <div
      ref={place}
      className="jp-PosthogPreview"
      role="region"
      aria-label={props.label}
      tabIndex={0}
    />
  );
}

function drawn(content: INotebookContent, tools: IPreviewTools): StaticNotebook {
  const notebook = new StaticNotebook({
    ...tools,
    rendermime: tools.rendermime.clone(),
    notebookConfig: { ...StaticNotebook.defaultNotebookConfig, windowingMode: 'none' }
  });
  const model = new NotebookModel();
  model.fromJSON(content);
  for (const cell of model.cells) {
    cell.setMetadata('editable', false);
  }
  notebook.model = model;
  return notebook;
}
