import * as React from 'react';
import { caretDownIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISidebarActions } from './actions';
import type { IFilters } from './filters';
import { blockKinds, moments, orders } from './words';

/** What the bar needs. */
export interface IFilterBarProps {
  filters: IFilters;
  isEnabled: boolean;
  onSearch: (words: string) => void;
  /** The keyboard goes on to the list. */
  onDone: () => void;
  actions: ISidebarActions;
  trans: TranslationBundle;
}

/** Searching, filters as chips, the order. */
export function FilterBar(props: IFilterBarProps): JSX.Element {
  const { filters, isEnabled, actions, trans } = props;
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      props.onSearch('');
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      props.onDone();
    }
  };
  return (
    <div className="jp-PosthogFilters">
      <input
        type="search"
        className="jp-PosthogSearch"
        aria-label={trans.__('Search PostHog notebooks')}
        placeholder={trans.__('Search titles and text')}
        value={filters.search}
        disabled={!isEnabled}
        onChange={event => props.onSearch(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="jp-PosthogChips" role="group" aria-label={trans.__('Filters')}>
        <button
          type="button"
          className="jp-PosthogChip"
          aria-pressed={filters.isMine}
          disabled={!isEnabled}
          onClick={() => actions.filter({ isMine: !filters.isMine, author: null })}
        >
          {trans.__('Mine')}
        </button>
        <MenuChip
          label={filters.author?.name ?? trans.__('Any author')}
          name={trans.__('Author')}
          isOn={filters.author !== null}
          isEnabled={isEnabled}
          onOpen={anchor => actions.chooseAuthor(anchor)}
        />
        <MenuChip
          label={filters.since ? moments(trans)[filters.since] : trans.__('Any time')}
          name={trans.__('Modified since')}
          isOn={filters.since !== null}
          isEnabled={isEnabled}
          onOpen={anchor => actions.chooseSince(anchor)}
        />
        <MenuChip
          label={
            filters.contains
              ? (blockKinds(trans)[filters.contains] ?? filters.contains)
              : trans.__('Contains')
          }
          name={trans.__('Contains')}
          isOn={filters.contains !== null}
          isEnabled={isEnabled}
          onOpen={anchor => actions.chooseContains(anchor)}
        />
        <MenuChip
          label={`${orders(trans)[filters.sort]} ${filters.isDescending ? '↓' : '↑'}`}
          name={trans.__('Sorted by')}
          isOn={false}
          isEnabled={isEnabled}
          onOpen={anchor => actions.chooseSort(anchor)}
        />
      </div>
      {filters.contains && (
        <p className="jp-PosthogHint">
          {trans.__('PostHog looks for blocks in rich notebooks only, not in Markdown ones.')}
        </p>
      )}
    </div>
  );
}

function MenuChip(props: {
  label: string;
  /** What the menu is about, where the label alone does not say it. */
  name: string;
  isOn: boolean;
  isEnabled: boolean;
  onOpen: (anchor: HTMLElement) => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-PosthogChip"
      data-on={props.isOn}
      aria-haspopup="menu"
      aria-expanded="false"
      aria-label={`${props.name}: ${props.label}`}
      disabled={!props.isEnabled}
      onClick={event => props.onOpen(event.currentTarget)}
    >
      <span className="jp-PosthogChip-label">{props.label}</span>
      <caretDownIcon.react tag="span" className="jp-PosthogCaret" aria-hidden="true" />
    </button>
  );
}
