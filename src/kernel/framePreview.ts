import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';

const ROWS = 20;

/** Show the first rows of a frame in a new cell below the one in front. */
export async function previewIn(panel: NotebookPanel, name: string): Promise<void> {
  const { content, sessionContext } = panel;
  NotebookActions.insertBelow(content);
  NotebookActions.changeCellType(content, 'code');
  content.activeCell?.model.sharedModel.setSource(`${name}.head(${ROWS})`);
  await NotebookActions.run(content, sessionContext);
}
