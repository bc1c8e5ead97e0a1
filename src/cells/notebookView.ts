import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { addressOn, INotebookAddress } from '../common/paths';
import type { CellStates } from './cellStates';
import { namesOf, nodeIdOf } from './codeCell';
import type { Connections } from './connections';
import { EmbedCell } from './embedCell';
import { followCells } from './notebookCells';
import { pageAddress, pathOfTag } from './pageAddress';
import { StripCell } from './stripCell';
import { readTag } from './tag';
import type { INotebookView } from './tokens';

/** What the cells of a notebook need of the page. */
export interface INotebookViewOptions {
  connections: Connections;
  states: CellStates | null;
  trans: TranslationBundle;
}

/** What is drawn over the cells of one open notebook. */
export class NotebookView implements INotebookView, IDisposable {
  constructor(panel: NotebookPanel, options: INotebookViewOptions) {
    this._panel = panel;
    this._options = options;
    this._following = followCells(panel.content, cell => this._attach(cell));
    options.connections.changed.connect(this._redraw, this);
  }

  get isDisposed(): boolean {
    return this._following.isDisposed;
  }

  dispose(): void {
    this._options.connections.changed.disconnect(this._redraw, this);
    this._following.dispose();
    this._options.states?.dispose();
  }

  /** A cell has run here. */
  ran(cell: Cell): void {
    this._strips.get(cell)?.ran();
    this._options.states?.refresh();
  }

  async readStates(): Promise<boolean> {
    const { states } = this._options;
    await states?.read();
    return states !== null && states.version !== null;
  }

  /** The code cells whose result is missing, or older than what it is made of. */
  get outOfDate(): Cell[] {
    const { states } = this._options;
    return this._panel.content.widgets.filter(cell => {
      const { model } = cell;
      if (model.type !== 'code' || !model.sharedModel.getSource().trim()) {
        return false;
      }
      return !states?.isFresh(nodeIdOf(model)) || this._strips.get(cell)?.isStale === true;
    });
  }

  private _attach(cell: Cell): IDisposable | null {
    const { trans, states } = this._options;
    if (cell.model.type === 'raw') {
      const embed = new EmbedCell(cell, {
        notebook: this._panel.content,
        addressOf: source => this._addressOf(source),
        trans
      });
      this._embeds.add(embed);
      return embed;
    }
    if (cell.model.type !== 'code' || !this._isOurs) {
      return null;
    }
    const strip = new StripCell(cell, {
      states,
      nameOf: nodeId => this._nameOf(nodeId),
      show: nodeId => this._show(nodeId),
      trans
    });
    this._strips.set(cell, strip);
    return strip;
  }

  /** Whether PostHog stores the notebook; then its cells have titles, and names for their results. */
  private get _isOurs(): boolean {
    return this._address !== null || this._panel.model?.getMetadata('posthog') !== undefined;
  }

  private get _address(): INotebookAddress | null {
    const { path } = this._panel.context;
    return addressOn(path);
  }

  private _addressOf(source: string): string | null {
    const address = this._address;
    const host = address && this._options.connections.hostOf(address.connection);
    const tag = host ? readTag(source) : null;
    const path = tag && pathOfTag(tag);
    return address && host && path ? pageAddress(host, address.projectId, path) : null;
  }

  private _nameOf(nodeId: string): string {
    const cell = this._cellOf(nodeId);
    const names = cell && namesOf(cell.model);
    return names ? (names.name ?? names.defaultName) : '';
  }

  private _show(nodeId: string): void {
    const { content } = this._panel;
    const index = content.widgets.findIndex(cell => nodeIdOf(cell.model) === nodeId);
    if (index >= 0) {
      content.activeCellIndex = index;
      content.mode = 'command';
      // Where it is gone meanwhile there is nothing to show.
      void content.scrollToItem(index).catch(() => undefined);
    }
  }

  private _cellOf(nodeId: string): Cell | undefined {
    return this._panel.content.widgets.find(
      ({ model }) => model.type === 'code' && nodeIdOf(model) === nodeId
    );
  }

  private _redraw(): void {
    this._embeds.forEach(embed => (embed.isDisposed ? this._embeds.delete(embed) : embed.update()));
  }

  private readonly _panel: NotebookPanel;
  private readonly _options: INotebookViewOptions;
  private readonly _following: IDisposable;
  private readonly _strips = new WeakMap<Cell, StripCell>();
  private readonly _embeds = new Set<EmbedCell>();
}
