import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import { parsePath } from '../common/paths';
import { PosthogRequestError } from '../common/request';
import type { INotebookEdits, INotebookOpener } from '../drive/tokens';
import type { Choices } from './choices';
import type { ConflictDesk, IConflict, IMerged } from './conflictDesk';
import type { Exit } from './conflictDialog';

/** How the resolver talks to the person. */
export interface IAsker {
  ask(conflict: IConflict): Promise<{ exit: Exit; choices: Choices }>;
  tell(text: string): void;
}

/** What becomes of the open notebook, whichever way out is taken. */
interface IOutcomes {
  merged(answer: IMerged): Promise<void> | void;
  /** PostHog's version is taken. */
  theirs(): Promise<void>;
}

/** Leads a person through a conflict: one question at a time for each notebook, and nothing is lost on any way out. */
export class ConflictResolver {
  constructor(options: {
    desk: ConflictDesk;
    opener: INotebookOpener;
    asker: IAsker;
    trans: TranslationBundle;
  }) {
    this._options = options;
  }

  /** Ask about the edits of an open notebook. */
  async resolve(edits: INotebookEdits): Promise<void> {
    await this._once(edits, async () => {
      const kept = await edits.keep();
      if (!kept) {
        const { trans, asker } = this._options;
        asker.tell(
          trans.__('The Jupyter server does not answer. Your edits are kept in this page.')
        );
        return;
      }
      await this._lead(kept.id, {
        merged: answer => edits.resolved(kept, answer.content, answer.base_version),
        theirs: () => edits.revert()
      });
    });
  }

  /** Put the edits of a page that is gone back into a notebook that is open again. */
  async putBack(edits: INotebookEdits, draftId: string): Promise<void> {
    const show = async () => void (await edits.takeStored());
    await this._once(edits, () => this._lead(draftId, { merged: show, theirs: show }));
  }

  private async _once(edits: INotebookEdits, action: () => Promise<void>): Promise<void> {
    if (this._asked.has(edits.pageId)) {
      return;
    }
    this._asked.add(edits.pageId);
    try {
      await action();
    } catch (error) {
      this._options.asker.tell(sentence(this._options.trans, error));
    } finally {
      this._asked.delete(edits.pageId);
    }
  }

  /** Ask until a way out was gone to its end: others may save again while a person thinks. */
  private async _lead(draftId: string, outcomes: IOutcomes): Promise<void> {
    const { desk, asker } = this._options;
    for (;;) {
      const conflict = await desk.describe(draftId);
      const { exit, choices } =
        conflict.blocks.length > 0 ? await asker.ask(conflict) : NOTHING_TO_ASK;
      if (exit === 'later') {
        return;
      }
      if (exit !== 'merge') {
        await this._leave(exit, draftId, outcomes);
        return;
      }
      try {
        await outcomes.merged(await desk.merge(draftId, choices?.answers ?? {}));
        return;
      } catch (error) {
        if (!(error instanceof PosthogRequestError) || error.reason !== 'save_conflict') {
          throw error;
        }
      }
    }
  }

  private async _leave(
    exit: 'copy' | 'theirs',
    draftId: string,
    outcomes: IOutcomes
  ): Promise<void> {
    const { desk, opener } = this._options;
    if (exit === 'theirs') {
      await desk.takeTheirs(draftId);
      await outcomes.theirs();
      return;
    }
    const copy = parsePath(await desk.copy(draftId));
    await outcomes.theirs();
    if (copy) {
      await opener.open(copy);
    }
  }

  private readonly _options: ConstructorParameters<typeof ConflictResolver>[0];
  private readonly _asked = new Set<string>();
}

const NOTHING_TO_ASK: { exit: Exit; choices: Choices | null } = { exit: 'merge', choices: null };
