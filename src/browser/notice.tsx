import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import type { ISidebarActions } from './actions';
import { Countdown } from './countdown';
import { countFilters } from './filters';
import type { IBrowserState } from './state';
import { clockTime } from '../common/time';

/** What a notice needs. */
export interface INoticeProps {
  state: IBrowserState;
  /** Whether the panel is in view. */
  isSeen: boolean;
  actions: ISidebarActions;
  trans: TranslationBundle;
}

/** What stands in place of the list, or above it: loading, nothing, an error with a way out. */
export function Notice(props: INoticeProps): JSX.Element | null {
  const { state, trans } = props;
  if (state.error) {
    return <ErrorNotice {...props} error={state.error} />;
  }
  if (state.count === null) {
    return <Skeleton trans={trans} />;
  }
  return state.count > 0 ? null : <NothingThere {...props} />;
}

function NothingThere({ state, actions, trans }: INoticeProps): JSX.Element {
  const words = state.filters.search.trim();
  const filters = countFilters(state.filters);
  if (words || filters) {
    return (
      <Message text={nothingMatches(words, filters, trans)}>
        <Action
          label={filters ? trans.__('Clear filters') : trans.__('Clear search')}
          onClick={() => actions.clearFilters()}
        />
      </Message>
    );
  }
  return (
    <Message text={trans.__('No notebooks in this project yet.')}>
      <Action label={trans.__('New notebook')} onClick={() => actions.create()} />
      <Action label={trans.__('Import .ipynb…')} onClick={() => actions.importFiles()} />
    </Message>
  );
}

function nothingMatches(words: string, filters: number, trans: TranslationBundle): string {
  if (!filters) {
    return trans.__('Nothing matches “%1”.', words);
  }
  return words
    ? trans._n(
        'Nothing matches “%2” with %1 filter.',
        'Nothing matches “%2” with %1 filters.',
        filters,
        words
      )
    : trans._n('Nothing matches %1 filter.', 'Nothing matches %1 filters.', filters);
}

/** What another connection, or another key, would change. */
const HELPED_BY_CONNECTING = [
  'not_connected',
  'no_credential',
  'not_an_api_key',
  'key_refused',
  'wrong_region',
  'missing_scope',
  'key_not_supported'
];

function ErrorNotice(props: INoticeProps & { error: NonNullable<IBrowserState['error']> }) {
  const { error, actions, trans } = props;
  if (error.reason === 'rate_limited') {
    const seconds = Number(error.facts.wait_s ?? 60);
    return (
      <Message text={trans.__('The request limit of your team is used up.')}>
        <Countdown
          pause={error}
          seconds={seconds}
          isSeen={props.isSeen}
          onEnd={() => actions.refresh()}
          trans={trans}
        />
      </Message>
    );
  }
  const isScope = error.reason === 'missing_scope';
  const isFirst = error.reason === 'not_connected';
  return (
    <Message text={errorText(props)} detail={isScope ? '' : error.detail}>
      {actions.connect && HELPED_BY_CONNECTING.includes(error.reason) && (
        <Action
          label={isFirst ? trans.__('Connect to PostHog…') : trans.__('Use another key…')}
          onClick={actions.connect}
        />
      )}
      {!isScope && <Action label={trans.__('Try again')} onClick={() => actions.refresh()} />}
      {actions.examine && !isFirst && (
        <Action
          label={isScope ? trans.__('Show the key’s scopes') : trans.__('Doctor')}
          onClick={actions.examine}
        />
      )}
    </Message>
  );
}

function errorText({
  state,
  error,
  trans
}: INoticeProps & { error: NonNullable<IBrowserState['error']> }): string {
  if (error.reason === 'missing_scope') {
    const scope = String(error.facts.scope ?? 'notebook:read');
    return trans.__('This key may not list notebooks: it lacks %1.', scope);
  }
  const { awaySinceMs, updatedAtMs, rows } = state;
  const text = sentence(trans, error);
  if (awaySinceMs === null || updatedAtMs === null || rows.length === 0) {
    return text;
  }
  return [
    text,
    trans.__('It has been so since %1.', clockTime(awaySinceMs)),
    trans.__('This is the list of %1.', clockTime(updatedAtMs))
  ].join(' ');
}

function Message(props: { text: string; detail?: string; children: React.ReactNode }): JSX.Element {
  return (
    <div className="jp-PosthogNotice" role="status">
      <p>{props.text}</p>
      {props.detail && <p className="jp-PosthogNotice-detail">{props.detail}</p>}
      <div className="jp-PosthogNotice-actions">{props.children}</div>
    </div>
  );
}

function Action(props: { label: string; onClick: () => void }): JSX.Element {
  return (
    <button type="button" className="jp-mod-styled jp-mod-accept" onClick={props.onClick}>
      {props.label}
    </button>
  );
}

/** Grey rows as high as those that will come. */
function Skeleton({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <div className="jp-PosthogSkeleton" role="status" aria-label={trans.__('Loading notebooks')}>
      {[0, 1, 2, 3, 4, 5].map(row => (
        <div key={row} className="jp-PosthogSkeleton-row">
          <span className="jp-PosthogSkeleton-line" />
          <span className="jp-PosthogSkeleton-line" />
        </div>
      ))}
    </div>
  );
}
