import * as React from 'react';
import { addIcon, caretDownIcon, refreshIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISidebarActions } from './actions';
import { IPlace, placeName } from './places';

/** What the header needs. */
export interface IHeaderProps {
  place: IPlace | null;
  isLoading: boolean;
  actions: ISidebarActions;
  trans: TranslationBundle;
}

/** Where we are, and the way elsewhere; refresh; a new notebook. */
export function Header({ place, isLoading, actions, trans }: IHeaderProps): JSX.Element {
  return (
    <div className="jp-PosthogHeader">
      <h2>
        {place ? (
          <button
            type="button"
            className="jp-PosthogPlace"
            aria-haspopup="menu"
            aria-expanded="false"
            title={trans.__('%1. Choose another project or connection.', place.connection.host)}
            onClick={event => actions.choosePlace(event.currentTarget)}
          >
            <span className="jp-PosthogPlace-name">{placeName(place)}</span>
            <caretDownIcon.react tag="span" className="jp-PosthogCaret" aria-hidden="true" />
          </button>
        ) : (
          'PostHog'
        )}
      </h2>
      <IconButton label={trans.__('Refresh the list')} onClick={() => actions.refresh()}>
        <refreshIcon.react tag="span" className={isLoading ? 'jp-PosthogTurning' : ''} />
      </IconButton>
      <IconButton
        label={trans.__('New PostHog notebook')}
        isDisabled={!place}
        onClick={() => actions.create()}
      >
        <addIcon.react tag="span" />
      </IconButton>
    </div>
  );
}

function IconButton(props: {
  label: string;
  isDisabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-PosthogIconButton"
      aria-label={props.label}
      title={props.label}
      disabled={props.isDisabled}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}
