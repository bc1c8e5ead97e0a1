import type { Cell } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';
import type { CellStates } from './cellStates';
import { namesOf, nodeIdOf, setResultName, setTitle } from './codeCell';
import { Freshness } from './freshness';
import { IStripState, StripWidget } from './strip';

/** What the strip of a cell needs of its notebook and of the page. */
export interface IStripOptions {
  /** Null where PostHog is not asked, as in a file on the server's own disk. */
  states: CellStates | null;
  /** The name of a cell's result, by PostHog's id of the cell; empty where it has none here. */
  nameOf: (nodeId: string) => string;
  /** Bring a cell into view, by PostHog's id of it. */
  show: (nodeId: string) => void;
  trans: TranslationBundle;
}

/** Keeps the strip above the code of one cell. */
export class StripCell implements IDisposable {
  constructor(cell: Cell, options: IStripOptions) {
    this._cell = cell;
    this._options = options;
    cell.model.contentChanged.connect(this.update, this);
    cell.model.metadataChanged.connect(this.update, this);
    options.states?.changed.connect(this._learn, this);
    this._learn();
    // Lab makes the inside of a cell when it is about to be seen.
    void cell.ready.then(() => this._add());
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._options.states?.changed.disconnect(this._learn, this);
    // What is disposed with its cell needs no more.
    this._cell.model?.contentChanged.disconnect(this.update, this);
    this._cell.model?.metadataChanged.disconnect(this.update, this);
    this._strip?.dispose();
  }

  /** Whether the shown result is older than the code, or than what it reads. */
  get isStale(): boolean {
    return this._freshness.isStale(this._source());
  }

  /** The cell has run here, with the code that stands in it now. */
  ran(): void {
    this._freshness.ran(this._source());
    this.update();
  }

  /** Draw what is so now. */
  update(): void {
    if (this._strip && !this._isDisposed) {
      this._strip.state = this._state();
    }
  }

  private _add(): void {
    if (this._isDisposed || this._strip) {
      return;
    }
    const { model } = this._cell;
    this._strip = new StripWidget(
      this._state(),
      {
        rename: name => setResultName(model, name),
        retitle: title => setTitle(model, title),
        show: this._options.show
      },
      this._options.trans
    );
    // Between the header and the code.
    (this._cell.layout as PanelLayout).insertWidget(1, this._strip);
  }

  private _state(): IStripState {
    const { states, nameOf } = this._options;
    const known = states?.of(nodeIdOf(this._cell.model));
    const uses = (known?.depends_on ?? [])
      .map(nodeId => ({ nodeId, name: nameOf(nodeId) }))
      .filter(({ name }) => name !== '');
    return { ...namesOf(this._cell.model), uses, isStale: this.isStale };
  }

  private _learn(): void {
    const { states } = this._options;
    const status = states?.of(nodeIdOf(this._cell.model))?.status;
    this._freshness.learn({ status, version: states?.version ?? null }, this._source());
    this.update();
  }

  private _source(): string {
    return this._cell.model.sharedModel.getSource();
  }

  private readonly _cell: Cell;
  private readonly _options: IStripOptions;
  private readonly _freshness = new Freshness();
  private _strip: StripWidget | null = null;
  private _isDisposed = false;
}
