import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Choices, IChoice } from './choices';
import { IConflict, IConflictBlock, isOfWhole } from './conflictDesk';

/** What the view needs. */
export interface IConflictViewProps {
  conflict: IConflict;
  choices: Choices;
  trans: TranslationBundle;
}

/** Both sides of a conflict, block by block, and what a person chooses. */
export function ConflictView({ conflict, choices, trans }: IConflictViewProps): JSX.Element {
  const isWhole = isOfWhole(conflict);
  return (
    <div className="jp-PosthogConflict">
      <p role="status">{isWhole ? wholeSentence(trans) : summary(conflict, trans)}</p>
      {!isWhole &&
        conflict.blocks.map((block, index) => (
          <Block
            key={block.id}
            number={index + 1}
            block={block}
            editor={conflict.editor}
            choice={choices.of(block.id)}
            onChoose={choice => choices.choose(block.id, choice)}
            trans={trans}
          />
        ))}
      {choices.isReminded && !choices.isComplete && (
        <p className="jp-PosthogConflict-reminder" role="alert">
          {trans.__('Choose for each block first.')}
        </p>
      )}
    </div>
  );
}

function summary({ merged, blocks }: IConflict, trans: TranslationBundle): string {
  // The server counts every change of theirs, those of the blocks below too.
  const alone = Math.max(0, merged - blocks.length);
  const yours = trans._n('%1 block needs you.', '%1 blocks need you.', blocks.length);
  return alone > 0
    ? `${trans._n('%1 block merged by itself.', '%1 blocks merged by themselves.', alone)} ${yours}`
    : yours;
}

function wholeSentence(trans: TranslationBundle): string {
  return trans.__(
    'The two versions cannot be compared block by block. Keep yours as a notebook of its own, or take theirs; yours stays on this server.'
  );
}

interface IBlockProps {
  number: number;
  block: IConflictBlock;
  editor: string;
  choice: IChoice;
  onChoose: (choice: Partial<IChoice>) => void;
  trans: TranslationBundle;
}

function Block(props: IBlockProps): JSX.Element {
  const { number, block, editor, choice, onChoose, trans } = props;
  const theirs = editor ? trans.__('Theirs (%1)', editor) : trans.__('Theirs');
  return (
    <fieldset className="jp-PosthogConflict-block">
      <legend>{trans.__('Block %1', number)}</legend>
      <div className="jp-PosthogConflict-sides">
        <Side title={trans.__('Yours')} text={block.mine} trans={trans} />
        <Side title={theirs} text={block.theirs} trans={trans} />
      </div>
      <div className="jp-PosthogConflict-choices">
        <Option {...props} side="mine" label={trans.__('Keep mine')} />
        <Option {...props} side="theirs" label={trans.__('Keep theirs')} />
        {block.can_edit && <Option {...props} side="edit" label={trans.__('Edit')} />}
      </div>
      {choice.side === 'edit' && (
        <textarea
          className="jp-mod-styled"
          aria-label={trans.__('Your text for block %1', number)}
          rows={Math.min(12, choice.text.split('\n').length + 1)}
          value={choice.text}
          onChange={event => onChoose({ text: event.currentTarget.value })}
        />
      )}
    </fieldset>
  );
}

function Option({
  block,
  choice,
  onChoose,
  side,
  label
}: IBlockProps & { side: 'mine' | 'theirs' | 'edit'; label: string }): JSX.Element {
  return (
    <label>
      <input
        type="radio"
        name={`jp-posthog-conflict-${block.id}`}
        checked={choice.side === side}
        onChange={() => onChoose({ side })}
      />
      {label}
    </label>
  );
}

function Side({
  title,
  text,
  trans
}: {
  title: string;
  text: string | null;
  trans: TranslationBundle;
}): JSX.Element {
  return (
    <div className="jp-PosthogConflict-side">
      <span className="jp-PosthogConflict-title">{title}</span>
      <pre tabIndex={0} aria-label={title}>
        {text ?? trans.__('(deleted)')}
      </pre>
    </div>
  );
}
