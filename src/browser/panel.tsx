import * as React from 'react';
import { addIcon, refreshIcon, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { NotebookList } from './list';
import { BrowserModel, IBrowserState, IPlace } from './model';
import { Notice } from './notice';
import type { INotebookRow } from './rows';

/** What the panel needs. */
export interface IBrowserPanelProps {
  model: BrowserModel;
  isOpen: (place: IPlace, row: INotebookRow) => boolean;
  onOpen: (place: IPlace, row: INotebookRow) => void;
  onNew: (place: IPlace) => void;
  canConnect: () => boolean;
  onConnect: () => void;
  onDoctor: () => void;
  trans: TranslationBundle;
}

/** The sidebar: where we are, search, the list. */
export function BrowserPanel(props: IBrowserPanelProps): JSX.Element {
  const { model } = props;
  return (
    <UseSignal signal={model.changed} initialArgs={model.state}>
      {(_, state) => <Content {...props} state={state ?? model.state} />}
    </UseSignal>
  );
}

function Content(props: IBrowserPanelProps & { state: IBrowserState }): JSX.Element {
  const { state, model, trans } = props;
  const { place } = state;
  const onNew = () => place && props.onNew(place);
  return (
    <div className="jp-PosthogBrowser">
      <Header {...props} onNew={onNew} />
      <input
        type="search"
        className="jp-PosthogSearch"
        aria-label={trans.__('Search PostHog notebooks')}
        placeholder={trans.__('Search titles and text')}
        value={state.search}
        disabled={!place}
        onChange={event => model.search(event.target.value)}
        onKeyDown={event => event.key === 'Escape' && model.search('')}
      />
      <Notice
        state={state}
        trans={trans}
        onRetry={() => void model.refresh()}
        onClearSearch={() => model.search('')}
        onNew={onNew}
        onConnect={props.canConnect() ? props.onConnect : null}
        onDoctor={props.canConnect() ? props.onDoctor : null}
      />
      {place && state.rows.length > 0 && (
        <NotebookList
          rows={state.rows}
          isStale={state.error !== null}
          isOpen={row => props.isOpen(place, row)}
          onOpen={row => props.onOpen(place, row)}
          onEndReached={() => void model.loadMore()}
          trans={trans}
        />
      )}
      {place && !state.error && (
        <p className="jp-PosthogCount" role="status">
          {trans._n('%1 notebook', '%1 notebooks', state.count)}
        </p>
      )}
    </div>
  );
}

function Header(
  props: IBrowserPanelProps & { state: IBrowserState; onNew: () => void }
): JSX.Element {
  const { state, model, trans } = props;
  const { place } = state;
  const project =
    place && [place.project.organization, place.project.name].filter(Boolean).join(' / ');
  return (
    <div className="jp-PosthogHeader">
      <h2 title={place?.connection.host}>
        {place ? `${place.connection.name} · ${project}` : 'PostHog'}
      </h2>
      <button
        type="button"
        className="jp-PosthogIconButton"
        aria-label={trans.__('Refresh the list')}
        title={trans.__('Refresh the list')}
        onClick={() => void model.refresh()}
      >
        <refreshIcon.react tag="span" />
      </button>
      <button
        type="button"
        className="jp-PosthogIconButton"
        aria-label={trans.__('New PostHog notebook')}
        title={trans.__('New PostHog notebook')}
        disabled={!place}
        onClick={props.onNew}
      >
        <addIcon.react tag="span" />
      </button>
    </div>
  );
}
