import type { NotebookPanel } from '@jupyterlab/notebook';
import { UUID } from '@lumino/coreutils';
import { MessageLoop } from '@lumino/messaging';
import { ISignal, Signal } from '@lumino/signaling';
import { drivePath, isOnDrive } from '../common/paths';
import { DraftPoster } from './draftPoster';
import type { PostHogDrive } from './drive';
import { PageEdits } from './edits';
import { openNotebookOf } from './openCells';
import { Revisions } from './revisions';
import { SaveGuard } from './saveGuard';
import type { IEditedNotebooks } from './tokens';

const DRAFT_IDLE_MS = 2000;

/** The notebooks of the drive that this page has open, each with its edits. */
export class EditedNotebooks implements IEditedNotebooks {
  constructor(options: {
    /** Answers the drive; it is made after this. */
    drive: () => PostHogDrive;
    isAutosaveToPostHog: () => boolean;
  }) {
    this._options = options;
  }

  get open(): readonly PageEdits[] {
    return [...this._edits.values()];
  }

  get opened(): ISignal<this, PageEdits> {
    return this._opened;
  }

  /** The edits of what is open under exactly this path: one notebook may be open under two, each with its own edits. */
  of(path: string): PageEdits | undefined {
    return this.open.find(edits => edits.path === drivePath(path));
  }

  /** Begin to keep the edits of a panel; nothing where it is none of ours, or kept already. */
  add(panel: NotebookPanel): void {
    if (!isOnDrive(panel.context.path) || this._edits.has(panel)) {
      return;
    }
    const edits = this._edit(panel);
    this._edits.set(panel, edits);
    panel.disposed.connect(() => this._edits.delete(panel));
    this._opened.emit(edits);
  }

  private _edit(panel: NotebookPanel): PageEdits {
    const { context } = panel;
    const { model } = context;
    const drive = this._options.drive();
    const pageId = UUID.uuid4();
    const guard = new SaveGuard(context);
    const revisions = new Revisions(model.contentChanged);
    const drafts = new DraftPoster({
      serverSettings: drive.serverSettings,
      pageId,
      idleMs: DRAFT_IDLE_MS,
      source: {
        get path() {
          return context.path;
        },
        isDirty: () => model.dirty,
        content: () => model.toJSON(),
        revision: () => revisions.current,
        baseVersion: () => drive.baseVersion(context.path)
      }
    });
    const edits = new PageEdits({
      source: {
        get path() {
          return context.path;
        },
        get isWritable() {
          return context.contentsModel?.writable !== false;
        },
        get dirty() {
          return model.dirty;
        },
        set dirty(value: boolean) {
          model.dirty = value;
        },
        ready: context.ready,
        content: () => model.toJSON(),
        cells: () => openNotebookOf(model),
        save: () => context.save(),
        revert: () => context.revert(),
        // Lab's type shows the signal without its emit.
        endSave: outcome => (context.saveState as Signal<unknown, typeof outcome>).emit(outcome),
        ignoring: action => guard.ignoring(() => revisions.ignoring(action))
      },
      drive,
      drafts,
      revisions,
      pageId,
      isAutosaveToPostHog: this._options.isAutosaveToPostHog
    });
    void context.ready.then(() => edits.loaded());
    // Lab asks whether to save before it closes a notebook; that save is a person's.
    MessageLoop.installMessageHook(panel, (_, message) => {
      if (message.type === 'close-request') {
        edits.markManual();
      }
      return true;
    });
    panel.disposed.connect(() => {
      [edits, drafts, revisions, guard].forEach(part => part.dispose());
    });
    return edits;
  }

  private readonly _options: ConstructorParameters<typeof EditedNotebooks>[0];
  private readonly _edits = new Map<NotebookPanel, PageEdits>();
  private readonly _opened = new Signal<this, PageEdits>(this);
}
