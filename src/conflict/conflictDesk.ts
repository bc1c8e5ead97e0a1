import type { ServerConnection } from '@jupyterlab/services';
import { request } from '../common/request';

/** One block that both sides changed; a side is null where the block was deleted there. */
export interface IConflictBlock {
  id: string;
  kind: string;
  base: string | null;
  mine: string | null;
  theirs: string | null;
  can_edit: boolean;
}

/** Edits of one draft beside what PostHog holds now. */
export interface IConflict {
  id: string;
  editor: string;
  /** How many changes of theirs there are: merged by themselves, or in the blocks. */
  merged: number;
  blocks: IConflictBlock[];
}

/** What a person chose for one block. */
export type Answer = 'mine' | 'theirs' | { text: string };

/** What a merge stored; `content` is null where it is what was sent. */
export interface IMerged {
  base_version: number | null;
  content: unknown;
}

/** The server's desk for conflicts: their sides, and the ways out. */
export class ConflictDesk {
  constructor(serverSettings: ServerConnection.ISettings) {
    this._serverSettings = serverSettings;
  }

  /** The blocks that need a person; none where the draft merges by itself. */
  describe(draftId: string): Promise<IConflict> {
    return request(this._serverSettings, address(draftId));
  }

  /** Store the draft with the person's choices. */
  merge(draftId: string, answers: Record<string, Answer>): Promise<IMerged> {
    return this._act(draftId, { action: 'merge', answers });
  }

  /** Make a notebook of its own from the draft; answers its path. */
  async copy(draftId: string): Promise<string> {
    return (await this._act<{ path: string }>(draftId, { action: 'copy' })).path;
  }

  /** Put the draft aside: it stays findable, and is not offered any more. */
  async takeTheirs(draftId: string): Promise<void> {
    await this._act(draftId, { action: 'theirs' });
  }

  private _act<T>(draftId: string, body: object): Promise<T> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    return request<T>(this._serverSettings, address(draftId), init);
  }

  private readonly _serverSettings: ServerConnection.ISettings;
}

/** Conflicts of whole notebooks, which have no blocks to choose between (jupyter_posthog/storage/conflicts.py). */
const OF_WHOLES = ['shape_changed', 'unreadable', 'base_unknown'];

/** Whether there is nothing to choose block by block: only a copy, or theirs. */
export function isOfWhole(conflict: IConflict): boolean {
  return conflict.blocks.some(block => OF_WHOLES.includes(block.kind));
}

function address(draftId: string): string {
  return `posthog/conflicts/${encodeURIComponent(draftId)}`;
}
