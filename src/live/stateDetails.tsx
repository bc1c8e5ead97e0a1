import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IEditsState } from '../drive/tokens';
import type { INews } from './news';
import { changeLine, detailsOf, sentenceOf } from './sentences';

const MOST_LINES = 12;

/** What a person can do from here. */
export interface IStateActions {
  save: () => void;
  compare: () => void;
}

/** What the details need. */
export interface IStateDetailsProps {
  edits: IEditsState;
  news: INews;
  actions: IStateActions;
  trans: TranslationBundle;
}

/** Below the state button: which cells, why not, and what to do next. */
export function StateDetails({ edits, news, actions, trans }: IStateDetailsProps): JSX.Element {
  const changes = edits.changes ?? [];
  const more = changes.length - MOST_LINES;
  return (
    <div className="jp-PosthogStateDetails">
      <p className="jp-PosthogStateDetails-title">
        {sentenceOf(edits, news, trans, { nowMs: Date.now() })}
      </p>
      {detailsOf(edits, news, trans).map(text => (
        <p key={text}>{text}</p>
      ))}
      {changes.length > 0 && (
        <>
          <p>{trans.__('A save writes these cells; all else stays as it is, byte for byte.')}</p>
          <ul>
            {changes.slice(0, MOST_LINES).map(change => (
              <li key={`${change.cell_id} ${change.kind}`}>{changeLine(change, trans)}</li>
            ))}
            {more > 0 && <li>{trans._n('and %1 more', 'and %1 more', more)}</li>}
          </ul>
        </>
      )}
      <Next edits={edits} news={news} actions={actions} trans={trans} />
    </div>
  );
}

function Next({ edits, news, actions, trans }: IStateDetailsProps): JSX.Element | null {
  const [label, act] = nextStep(edits, news, actions, trans);
  return act ? (
    <button type="button" className="jp-mod-styled jp-mod-accept" onClick={act}>
      {label}
    </button>
  ) : null;
}

function nextStep(
  edits: IEditsState,
  news: INews,
  actions: IStateActions,
  trans: TranslationBundle
): [string, (() => void) | null] {
  switch (edits.phase) {
    case 'conflict':
      return [trans.__('Compare'), actions.compare];
    case 'kept':
      return [trans.__('Try again'), actions.save];
    case 'edited':
      return [news.change ? trans.__('Save and merge now') : trans.__('Save now'), actions.save];
    default:
      return ['', null];
  }
}
