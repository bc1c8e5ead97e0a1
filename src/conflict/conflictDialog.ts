import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Choices } from './choices';
import { IConflict, isOfWhole } from './conflictDesk';
import { ConflictView } from './conflictView';

/** The way out that a person took. */
export type Exit = 'merge' | 'copy' | 'theirs' | 'later';

/** Ask a person about a conflict; ends with the way out and what was chosen. */
export async function askAboutConflict(
  conflict: IConflict,
  trans: TranslationBundle
): Promise<{ exit: Exit; choices: Choices }> {
  const choices = new Choices(conflict);
  const body = ReactWidget.create(
    React.createElement(UseSignal<Choices, void>, {
      signal: choices.changed,
      children: () => React.createElement(ConflictView, { conflict, choices, trans })
    })
  );
  const dialog = new ConflictDialog(choices, {
    title: conflict.editor
      ? trans.__('%1 changed this notebook while you were editing', conflict.editor)
      : trans.__('This notebook was changed while you were editing'),
    body,
    buttons: buttonsFor(conflict, trans),
    focusNodeSelector: 'input[type="radio"]'
  });
  dialog.addClass('jp-PosthogConflictDialog');
  const { button } = await dialog.launch();
  return { exit: (button.actions[0] as Exit | undefined) ?? 'later', choices };
}

function buttonsFor(conflict: IConflict, trans: TranslationBundle): Dialog.IButton[] {
  const merge = Dialog.okButton({ label: trans.__('Save merged'), actions: ['merge'] });
  return [
    Dialog.cancelButton({ label: trans.__('Later'), actions: ['later'] }),
    Dialog.warnButton({ label: trans.__('Take theirs'), actions: ['theirs'] }),
    Dialog.createButton({
      label: trans.__('Keep mine as a copy'),
      accept: true,
      actions: ['copy']
    }),
    ...(isOfWhole(conflict) ? [] : [merge])
  ];
}

/** Lab's dialog, but Enter inside its body belongs to the body, and merging waits for every choice. */
class ConflictDialog extends Dialog<unknown> {
  constructor(choices: Choices, options: Partial<Dialog.IOptions<unknown>>) {
    super(options);
    this._choices = choices;
    this._exits = options.buttons ?? [];
  }

  resolve(index?: number): void {
    const button = index === undefined ? this._exits.at(-1) : this._exits[index];
    if (button?.actions.includes('merge') && !this._choices.isComplete) {
      this._choices.remind();
      return;
    }
    super.resolve(index);
  }

  protected _evtKeydown(event: KeyboardEvent): void {
    const isInBody =
      event.target instanceof Element && event.target.closest('.jp-PosthogConflict') !== null;
    if (event.key !== 'Enter' || !isInBody) {
      super._evtKeydown(event);
    }
  }

  private readonly _choices: Choices;
  private readonly _exits: readonly Dialog.IButton[];
}
