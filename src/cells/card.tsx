import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { factsOf } from './cardFacts';
import { CardSign } from './cardIcons';

/** What a card shows, and whether the text stands beside it in its place. */
export interface ICardState {
  /** The text of the cell, which is what is stored. */
  source: string;
  /** Where PostHog shows the thing; null where no page of it is known. */
  address: string | null;
  isEdited: boolean;
}

interface ICardProps extends ICardState {
  onToggle: () => void;
  trans: TranslationBundle;
}

/** An embed of PostHog as people read it; nothing of the document is run, or becomes markup. */
export function Card({ source, address, isEdited, onToggle, trans }: ICardProps): JSX.Element {
  const { icon, kind, name, facts, text } = factsOf(source, trans);
  // Pressed while the text is edited, it must not take the focus first: that alone would end the editing.
  const hold = (event: React.MouseEvent) => {
    if (isEdited) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div
      className="jp-PosthogCard"
      role="group"
      aria-label={name ? `${kind} ${name}` : kind}
      data-edited={isEdited}
      onDoubleClick={isEdited ? undefined : onToggle}
    >
      <div className="jp-PosthogCard-line" data-lm-suppress-shortcuts="true">
        {!isEdited && (
          <>
            <CardSign icon={icon} />
            <strong>{kind}</strong>
            {name && (
              <span className="jp-PosthogCard-name" dir="auto" title={name}>
                {name}
              </span>
            )}
            {facts.map(fact => (
              <span key={fact} className="jp-PosthogCard-fact" dir="auto">
                {fact}
              </span>
            ))}
            {address && (
              <a href={address} target="_blank" rel="noopener noreferrer">
                {trans.__('Open in PostHog ↗')}
              </a>
            )}
          </>
        )}
        <button
          type="button"
          className="jp-PosthogCard-toggle"
          aria-pressed={isEdited}
          title={isEdited ? trans.__('Show the card (Escape)') : trans.__('Edit the text (Enter)')}
          onMouseDown={hold}
          onClick={onToggle}
        >
          <span aria-hidden="true">‹/› </span>
          {trans.__('edit tag')}
        </button>
      </div>
      {text && !isEdited && <pre className="jp-PosthogCard-text">{text}</pre>}
    </div>
  );
}

/** A card as a widget of its cell. */
export class CardWidget extends ReactWidget {
  constructor(state: ICardState, onToggle: () => void, trans: TranslationBundle) {
    super();
    this._state = state;
    this._onToggle = onToggle;
    this._trans = trans;
    this.addClass('jp-PosthogCard-widget');
  }

  set state(state: ICardState) {
    this._state = state;
    this.update();
  }

  render(): JSX.Element {
    return <Card {...this._state} onToggle={this._onToggle} trans={this._trans} />;
  }

  private _state: ICardState;
  private readonly _onToggle: () => void;
  private readonly _trans: TranslationBundle;
}
