import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { INews } from './news';
import { detailOf, sentenceOf } from './sentences';

/** What the item needs. */
export interface INewsItemProps {
  state: INews;
  onReload: () => void;
  trans: TranslationBundle;
}

/** In a notebook's toolbar: what happened to it in PostHog, and who is there. */
export function NewsItem(props: INewsItemProps): JSX.Element {
  const { state, trans } = props;
  return (
    <span className="jp-PosthogNews">
      <span className="jp-PosthogNews-text" role="status" title={detailOf(state, trans)}>
        {sentenceOf(state, trans)}
      </span>
      {state.change && !state.isGone && (
        <button type="button" className="jp-PosthogNews-button" onClick={props.onReload}>
          {trans.__('Reload')}
        </button>
      )}
      <People people={state.people} trans={trans} />
    </span>
  );
}

function People({
  people,
  trans
}: {
  people: string[];
  trans: TranslationBundle;
}): JSX.Element | null {
  if (people.length === 0) {
    return null;
  }
  const names = people.join(', ');
  return (
    <span className="jp-PosthogNews-people" title={trans.__('Open in PostHog: %1', names)}>
      <span aria-hidden="true">👥 </span>
      <span className="jp-PosthogHidden">{trans.__('Also here: ')}</span>
      {names}
    </span>
  );
}
