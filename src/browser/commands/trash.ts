import { Dialog, showDialog } from '@jupyterlab/apputils';
import { undoIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { NOTEBOOK_COMMANDS } from '../../common/commands';
import { sentence } from '../../common/messages';
import type { INotebookAddress } from '../../common/paths';
import type { ITarget } from '../targets';
import { shortTitle } from '../words';
import { describe, ISidebarContext, NOTEBOOK_ARGS, orExplain } from './context';

/** From how many notebooks on a person is asked first; each can be restored. */
const MANY = 4;
const UNDO_MS = 10_000;
const TOAST = 'trash';

/** Move notebooks to the trash, and take them out of it. */
export function addTrashCommands(context: ISidebarContext): void {
  const { app, memory, targets, trans } = context;
  const hasTarget = (args: ReadonlyPartialJSONObject) => targets.of(args).length > 0;
  app.commands.addCommand(NOTEBOOK_COMMANDS.trash, {
    label: args =>
      args.from ? trans.__('Move to Trash') : trans.__('Move PostHog Notebook to Trash'),
    describedBy: describe(NOTEBOOK_ARGS),
    isEnabled: hasTarget,
    isVisible: args => args.from !== 'tab' || hasTarget(args),
    execute: async args => {
      const found = targets.of(args);
      if (found.length < MANY || (await isSure(context, found.length))) {
        await moveToTrash(context, found);
      }
    }
  });
  app.commands.addCommand(NOTEBOOK_COMMANDS.restore, {
    label: trans.__('Restore PostHog Notebook from Trash'),
    caption: trans.__('Restore what was moved to the trash last'),
    icon: undoIcon,
    describedBy: describe(NOTEBOOK_ARGS),
    isEnabled: args => typeof args.short_id === 'string' || memory.state.trashed.length > 0,
    execute: args => {
      const named = typeof args.short_id === 'string' ? targets.of(args) : [];
      const [last] = memory.state.trashed;
      return restore(context, named.length ? named : last ? [last] : []);
    }
  });
}

async function isSure({ trans }: ISidebarContext, count: number): Promise<boolean> {
  const { button } = await showDialog({
    title: trans._n('Move %1 notebook to the trash?', 'Move %1 notebooks to the trash?', count),
    body: trans.__('They can be restored under “Trashed here”.'),
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Move to Trash') })]
  });
  return button.accept;
}

async function moveToTrash(context: ISidebarContext, targets: ITarget[]): Promise<void> {
  const { memory, notebooks, opener, toasts, trans } = context;
  const moved: ITarget[] = [];
  let failure: unknown = null;
  for (const target of targets) {
    try {
      await notebooks.trash(target);
      moved.push(target);
      memory.trashed({ ...target, at: new Date().toISOString() });
    } catch (error) {
      failure = error;
      break; // What refuses one refuses all, as a rule; the others stay where they are.
    }
  }
  if (moved.length) {
    const words = [movedWords(context, moved)];
    if (moved.some(target => opener.isOpen(target))) {
      words.push(trans.__('What is open stays open, but cannot be saved until it is restored.'));
    }
    const undo = { label: trans.__('Undo'), callback: () => void restore(context, moved) };
    const toast = { text: words.join(' '), type: 'success', autoClose: UNDO_MS } as const;
    toasts.show(TOAST, { ...toast, actions: [undo] }, true);
  }
  if (failure) {
    await orExplain(trans, trans.__('Not moved to the trash'), () => Promise.reject(failure));
  }
}

function movedWords({ trans }: ISidebarContext, moved: ITarget[]): string {
  const [only] = moved;
  return moved.length === 1 && only
    ? trans.__('“%1” was moved to the trash.', shortTitle(trans, only.title))
    : trans.__('%1 notebooks were moved to the trash.', moved.length);
}

async function restore(
  context: ISidebarContext,
  notebooks: (INotebookAddress & { title: string })[]
): Promise<void> {
  const { memory, model, toasts, trans } = context;
  try {
    for (const one of notebooks) {
      await context.notebooks.restore(one);
      memory.restored(one);
    }
    const [only] = notebooks;
    const text =
      notebooks.length === 1 && only
        ? trans.__('“%1” was restored.', shortTitle(trans, only.title))
        : trans.__('%1 notebooks were restored.', notebooks.length);
    toasts.show(TOAST, { text, type: 'success', autoClose: UNDO_MS }, true);
  } catch (error) {
    const text = trans.__('Not restored: %1', sentence(trans, error));
    toasts.show(TOAST, { text, type: 'error', autoClose: false }, true);
  }
  await model.refresh();
}
