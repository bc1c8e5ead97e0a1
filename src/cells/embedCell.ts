import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';
import { CardWidget, ICardState } from './card';

/** The format of raw cells that hold a tag of PostHog. */
export const EMBED_FORMAT = 'text/x-posthog-component';
const EMBED_CLASS = 'jp-mod-posthogEmbed';

/** What an embed cell needs of its notebook and of the page. */
export interface IEmbedOptions {
  notebook: Notebook;
  /** Where PostHog shows what a text stands for, as far as that is known now. */
  addressOf: (source: string) => string | null;
  trans: TranslationBundle;
}

/**
 * Draws a card in the place of a cell's text, but while the text is edited.
 *
 * Whether it is edited is the notebook's own mode, so Lab's keys for it work, and nothing of ours is stored.
 */
export class EmbedCell implements IDisposable {
  constructor(cell: Cell, options: IEmbedOptions) {
    this._cell = cell;
    this._options = options;
    const { notebook } = options;
    cell.model.metadataChanged.connect(this.update, this);
    cell.model.contentChanged.connect(this.update, this);
    notebook.stateChanged.connect(this.update, this);
    // Lab makes the inside of a cell when it is about to be seen.
    void cell.ready.then(() => this.update());
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    const { notebook } = this._options;
    notebook.stateChanged.disconnect(this.update, this);
    // What is disposed with its cell needs no more.
    this._cell.model?.metadataChanged.disconnect(this.update, this);
    this._cell.model?.contentChanged.disconnect(this.update, this);
    this._card?.dispose();
  }

  /** Draw what is so now. */
  update(): void {
    const input = this._isDisposed ? null : this._cell.inputArea;
    if (!input) {
      return;
    }
    const isEmbed = this._cell.model.getMetadata('format') === EMBED_FORMAT;
    if (!isEmbed) {
      if (this._card) {
        this._card.dispose();
        this._card = null;
        this._cell.removeClass(EMBED_CLASS);
        input.editorWidget.show();
      }
      return;
    }
    const state = this._state();
    if (this._card && isSame(this._shown, state)) {
      return;
    }
    this._shown = state;
    if (this._card) {
      this._card.state = state;
    } else {
      this._card = new CardWidget(state, this._toggle, this._options.trans);
      this._cell.addClass(EMBED_CLASS);
      (input.layout as PanelLayout).addWidget(this._card);
    }
    // Before Lab wants to put the cursor into it.
    input.editorWidget.setHidden(!state.isEdited);
  }

  private _state(): ICardState {
    const { notebook, addressOf } = this._options;
    const source = this._cell.model.sharedModel.getSource();
    const isEdited = notebook.mode === 'edit' && notebook.activeCell === this._cell;
    return { source, address: addressOf(source), isEdited };
  }

  private readonly _toggle = (): void => {
    const { notebook } = this._options;
    const index = notebook.widgets.indexOf(this._cell);
    if (index < 0) {
      return;
    }
    const isEdited = notebook.mode === 'edit' && notebook.activeCell === this._cell;
    notebook.activeCellIndex = index;
    notebook.mode = isEdited ? 'command' : 'edit';
  };

  private readonly _cell: Cell;
  private readonly _options: IEmbedOptions;
  private _card: CardWidget | null = null;
  private _shown: ICardState | null = null;
  private _isDisposed = false;
}

function isSame(left: ICardState | null, right: ICardState): boolean {
  return (
    left !== null &&
    left.source === right.source &&
    left.address === right.address &&
    left.isEdited === right.isEdited
  );
}
