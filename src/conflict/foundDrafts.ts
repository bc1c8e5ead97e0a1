import type { ServerConnection } from '@jupyterlab/services';
import { localPath } from '../common/paths';
import { request } from '../common/request';
import type { INotebookEdits } from '../drive/tokens';

/** A draft that the server offers. */
export interface IFoundDraft {
  id: string;
  page_id: string;
  /** ISO 8601. */
  saved_at: string;
  /** Whether the server is about to send it by itself. */
  is_waiting: boolean;
}

/** The person's answer to an offer. */
export type DraftAnswer = 'put_back' | 'put_aside' | 'later';

/** Offers the edits of pages that are gone, once for each notebook that opens. */
export class FoundDrafts {
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    /** The panels that are alive, by name. */
    alive: () => Promise<Set<string>>;
    ask: (draft: IFoundDraft, edits: INotebookEdits) => Promise<DraftAnswer>;
    putBack: (edits: INotebookEdits, draftId: string) => Promise<void>;
    putAside: (draftId: string) => Promise<void>;
  }) {
    this._options = options;
  }

  /** Look for such edits and ask about the newest ones. */
  async offer(edits: INotebookEdits): Promise<void> {
    await edits.ready;
    if (!edits.address) {
      return;
    }
    const { alive, ask, putBack, putAside } = this._options;
    const [drafts, ids] = [await this._drafts(edits.path), await alive()];
    const found = drafts.find(({ page_id, is_waiting }) => !is_waiting && !ids.has(page_id));
    if (!found || edits.isDisposed) {
      return;
    }
    const answer = await ask(found, edits);
    if (answer === 'put_back') {
      await putBack(edits, found.id);
    } else if (answer === 'put_aside') {
      await putAside(found.id);
    }
  }

  private async _drafts(path: string): Promise<IFoundDraft[]> {
    const query = `path=${encodeURIComponent(localPath(path))}`;
    const { serverSettings } = this._options;
    return (await request<{ drafts: IFoundDraft[] }>(serverSettings, `posthog/drafts?${query}`))
      .drafts;
  }

  private readonly _options: ConstructorParameters<typeof FoundDrafts>[0];
}
