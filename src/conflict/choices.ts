import { ISignal, Signal } from '@lumino/signaling';
import type { Answer, IConflict } from './conflictDesk';

/** What is chosen for one block so far. */
export interface IChoice {
  side: 'mine' | 'theirs' | 'edit' | null;
  /** What the person wrote. */
  text: string;
}

/** What a person chose, block by block; nothing is chosen for them. */
export class Choices {
  constructor(conflict: IConflict) {
    for (const block of conflict.blocks) {
      this._choices.set(block.id, { side: null, text: block.mine ?? block.theirs ?? '' });
    }
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Whether the person wanted to save before everything was chosen. */
  get isReminded(): boolean {
    return this._isReminded;
  }

  of(blockId: string): IChoice {
    return this._choices.get(blockId) ?? { side: null, text: '' };
  }

  choose(blockId: string, choice: Partial<IChoice>): void {
    this._choices.set(blockId, { ...this.of(blockId), ...choice });
    this._changed.emit();
  }

  get isComplete(): boolean {
    return [...this._choices.values()].every(({ side }) => side !== null);
  }

  /** Say that something is left to choose. */
  remind(): void {
    this._isReminded = true;
    this._changed.emit();
  }

  /** As the server takes them. */
  get answers(): Record<string, Answer> {
    const answers: Record<string, Answer> = {};
    for (const [blockId, { side, text }] of this._choices) {
      if (side) {
        answers[blockId] = side === 'edit' ? { text } : side;
      }
    }
    return answers;
  }

  private readonly _choices = new Map<string, IChoice>();
  private readonly _changed = new Signal<this, void>(this);
  private _isReminded = false;
}
