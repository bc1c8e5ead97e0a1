import { INotebookContent, textOf } from './apply';
import type { IKeptEdits } from './tokens';
import { isSameText } from './textMerge';

/** The server sends what it had when PostHog answered again, which need not be the newest draft. */
const MOST = 8;

/** The last states of a notebook that the server was given to keep. */
export class KeptDrafts {
  add(kept: IKeptEdits): void {
    this._kept.unshift(kept);
    this._kept.length = Math.min(this._kept.length, MOST);
  }

  /** The newest state that is what PostHog stored: then nobody else's edit is in it. */
  storedAs(stored: unknown): IKeptEdits | undefined {
    return this._kept.find(kept => hasSameCells(kept.content, stored));
  }

  clear(): void {
    this._kept.length = 0;
  }

  private readonly _kept: IKeptEdits[] = [];
}

function hasSameCells(left: unknown, right: unknown): boolean {
  const [mine, theirs] = [(left as INotebookContent).cells, (right as INotebookContent).cells];
  return (
    mine.length === theirs.length &&
    mine.every((cell, index) => {
      const other = theirs[index];
      return other?.cell_type === cell.cell_type && isSameText(textOf(cell), textOf(other));
    })
  );
}
