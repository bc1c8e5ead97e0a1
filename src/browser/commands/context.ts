import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { sentence } from '../../common/messages';
import type { Toasts } from '../../common/toasts';
import type { INotebookOpener } from '../../drive/tokens';
import type { SidebarMemory } from '../memory';
import type { BrowserModel } from '../model';
import type { NotebookDesk } from '../notebookDesk';
import type { IPlaceDesk } from '../places';
import type { Targets } from '../targets';
import type { SidebarWidget } from '../widget';

/** What the commands of the sidebar work with. */
export interface ISidebarContext {
  app: JupyterFrontEnd;
  model: BrowserModel;
  memory: SidebarMemory;
  opener: INotebookOpener;
  notebooks: NotebookDesk;
  places: IPlaceDesk;
  targets: Targets;
  toasts: Toasts;
  panel: SidebarWidget;
  trans: TranslationBundle;
}

/** Arguments that name one notebook; without them, a command is about what is selected, or in front. */
export const NOTEBOOK_ARGS = {
  connection: {
    type: 'string',
    description: 'The name of a connection; of the one that is shown.'
  },
  project_id: {
    type: 'integer',
    description: 'The number of a project; of the one that is shown.'
  },
  short_id: { type: 'string', description: 'The short id of a notebook.' },
  title: { type: 'string', description: 'Its title, for sentences about it.' },
  from: { enum: ['list', 'tab'], description: 'Where the notebook was pointed at.' }
} as const;

/** Describe the arguments of a command. */
export function describe(properties: object = {}, required: string[] = []) {
  return {
    args: { type: 'object', properties, required } as unknown as ReadonlyJSONObject
  };
}

/** Ask before something is done to many notebooks. */
export async function isSure(question: {
  title: string;
  body: string;
  label: string;
}): Promise<boolean> {
  const { button } = await showDialog({
    title: question.title,
    body: question.body,
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: question.label })]
  });
  return button.accept;
}

/** Do something, and say in one sentence why it did not work. */
export async function orExplain(
  trans: TranslationBundle,
  title: string,
  action: () => Promise<unknown>
): Promise<void> {
  try {
    await action();
  } catch (error) {
    await showErrorMessage(title, sentence(trans, error));
  }
}
