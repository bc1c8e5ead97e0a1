import { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { INotebookAddress, parsePath } from '../common/paths';
import { PosthogRequestError } from '../common/request';
import { INotebookContent, showStored } from './apply';
import type { IKeptDraft } from './draftPoster';
import type { ISavingPage } from './drive';
import type { IEditsOptions } from './editedSource';
import { IEditsFacts, NOTHING, phaseOf } from './editsState';
import { isConflict, isPassing, silent } from './failures';
import { KeptDrafts } from './keptDrafts';
import { OpenConflict } from './openConflict';
import { SaveTurns } from './saveTurns';
import type { IEditsState, IKeptEdits, INotebookEdits } from './tokens';

/** Keeps the edits of one open notebook: whether PostHog has them, what a save met, what others changed. */
export class PageEdits implements INotebookEdits, ISavingPage, IDisposable {
  constructor(options: IEditsOptions) {
    this._options = options;
    this.pageId = options.pageId;
    options.drafts.answered.connect(this._onKept, this);
    options.revisions.changed.connect(this._onTyped, this);
  }

  readonly pageId: string;
  readonly changed = new Signal<this, IEditsState>(this);
  readonly conflictMet = new Signal<this, void>(this);
  readonly disposed = new Signal<this, void>(this);

  get path(): string {
    return this._options.source.path;
  }

  get address(): INotebookAddress | null {
    return parsePath(this.path);
  }

  get ready(): Promise<void> {
    return this._options.source.ready;
  }

  get state(): IEditsState {
    const now = { isSaving: this._turns.isBusy, isWritable: this._options.source.isWritable };
    return { ...this._facts, phase: phaseOf(this._facts, now) };
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this.disposed.emit();
    Signal.clearData(this);
  }

  keep(): Promise<IKeptEdits | null> {
    return this._options.drafts.post();
  }

  async save(): Promise<void> {
    this.markManual();
    // What did not arrive is told by the state.
    await this._options.source.save().catch(() => undefined);
  }

  async revert(): Promise<void> {
    await this._options.source.revert();
    this.loaded();
  }

  /** A person asked for the next save; autosaves are told more quietly. */
  markManual(): void {
    this._isManual = true;
  }

  async willSave(): Promise<unknown> {
    const { drafts, revisions, source, isAutosaveToPostHog } = this._options;
    if (!this._isManual && (this._conflict.isInTheWay || !isAutosaveToPostHog())) {
      await drafts.post();
      source.endSave(this._conflict.isInTheWay ? 'failed' : 'completed');
      throw silent('The edits are kept here.');
    }
    const hasWaited = await this._turns.begin();
    this._sent = revisions.current;
    this._set({}); // saving
    return hasWaited ? source.content() : undefined;
  }

  show(sent: unknown, stored: unknown): boolean {
    const { source } = this._options;
    return source.ignoring(() =>
      showStored(source.cells(), sent as INotebookContent, stored as INotebookContent)
    );
  }

  didSave(): void {
    this._options.revisions.markClean(this._sent);
    this._endSave();
    this._settle();
  }

  refused(error: PosthogRequestError): Error {
    const isAsked = this._isManual;
    this._endSave();
    if (isConflict(error)) {
      const isFirst = this._conflict.meet(error);
      this._set({ conflict: this._conflict.current, failure: null });
      if (isFirst || isAsked) {
        this.conflictMet.emit();
      }
    } else {
      this._set({ failure: error, isAsked });
      void this._options.drafts.post();
    }
    this._options.source.endSave('failed');
    // Told by the state and one toast: Lab's dialog would open anew at every autosave.
    return silent(error.message);
  }

  willLoad(): void {
    // Lab shows what it got before the next task begins.
    setTimeout(() => this.loaded(), 0);
  }

  /** The notebook is shown as PostHog has it. */
  loaded(): void {
    if (!this.isDisposed) {
      this._options.revisions.markClean(this._options.revisions.current);
      this._settle();
    }
  }

  async takeStored(): Promise<boolean> {
    const { source, drive, drafts, revisions } = this._options;
    if (!revisions.isClean) {
      await drafts.post(); // What a kernel changed is not typed: the server tells the two apart.
    }
    if (this._turns.isBusy || !revisions.isClean) {
      return false;
    }
    const model = await drive.fetchStored(this.path);
    if (this.isDisposed || this._turns.isBusy || !revisions.isClean) {
      return false; // Something was typed meanwhile: the next save brings both together.
    }
    const version = model.base_version ?? null;
    if (version === null || version <= (drive.baseVersion(this.path) ?? -1)) {
      return version !== null;
    }
    const wasDirty = source.dirty;
    this.show(source.content(), model.content);
    drive.moveBase(this.path, version);
    source.dirty = wasDirty;
    return true;
  }

  resolved(kept: IKeptEdits, stored: unknown, version: number | null): void {
    const { source, drive, revisions } = this._options;
    if (!stored || this.show(kept.content, stored)) {
      drive.moveBase(this.path, version);
      revisions.markClean(kept.revision);
    }
    source.dirty = !revisions.isClean;
    this._settle();
  }

  retryAfter(version: number | null): void {
    this._conflict.retryAfter(version);
  }

  async redelivered(): Promise<void> {
    const { failure } = this._facts;
    if (!failure || !isPassing(failure) || this._turns.isBusy) {
      return;
    }
    const model = await this._options.drive.fetchStored(this.path);
    const kept = this._kept.storedAs(model.content);
    if (kept && !this.isDisposed && !this._turns.isBusy) {
      this.resolved(kept, model.content, model.base_version ?? null);
    } else {
      // Merged with others' edits, say: the server brings all sides together.
      await this.save();
    }
  }

  /** Nothing is in the way any more; what was typed meanwhile is kept as the next draft. */
  private _settle(): void {
    const { drafts, revisions } = this._options;
    this._conflict.clear();
    this._kept.clear();
    if (revisions.isClean) {
      this._set(NOTHING);
    } else {
      this._set({ failure: null, conflict: null });
      drafts.schedule();
    }
  }

  private _endSave(): void {
    this._isManual = false;
    this._turns.end();
  }

  private _onTyped(): void {
    if (!this._turns.isBusy) {
      this._isManual = false; // Lab asked before it closed the notebook, and the person went on.
    }
    this._options.drafts.schedule();
  }

  private _onKept(_: unknown, kept: IKeptDraft | null): void {
    if (!kept) {
      return;
    }
    this._kept.add(kept);
    if (this._turns.isBusy) {
      return;
    }
    this._set({
      changes: kept.changes,
      refusal: kept.refusal?.message ?? '',
      problem: kept.problem
    });
    const hasNothing = kept.changes?.length === 0 && kept.refusal === null;
    if (hasNothing && kept.revision === this._options.revisions.current) {
      this._options.revisions.markClean(kept.revision);
      void this._options.drafts.drop(kept.id);
      this._settle();
    }
  }

  private _set(facts: Partial<IEditsFacts>): void {
    this._facts = { ...this._facts, ...facts };
    if (!this.isDisposed) {
      this.changed.emit(this.state);
    }
  }

  private readonly _options: IEditsOptions;
  private readonly _turns = new SaveTurns();
  private readonly _conflict = new OpenConflict();
  private readonly _kept = new KeptDrafts();
  private _facts: IEditsFacts = NOTHING;
  /** The state that is being saved. */
  private _sent = 0;
  private _isManual = false;
  private _isDisposed = false;
}
