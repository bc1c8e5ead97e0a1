import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { exactTime, relativeTime } from '../common/time';
import type { IActivityState } from './activityModel';
import type { IProjectDeed } from './projectDesk';
import { Refusal } from './refusal';
import { deed } from './words';

/** What the page needs. */
export interface IActivityPageProps {
  state: IActivityState;
  onOpen: (shortId: string) => void;
  onMore: () => void;
  onRefresh: () => void;
  onDoctor: (() => void) | null;
  trans: TranslationBundle;
}

/** What was done to the notebooks of a project, newest first. */
export function ActivityPage(props: IActivityPageProps): JSX.Element {
  const { state, onMore, onRefresh, onDoctor, trans } = props;
  return (
    <div className="jp-PosthogActivity">
      <div className="jp-PosthogHistory-head">
        <h1>{trans.__('What happened to notebooks')}</h1>
        <button type="button" className="jp-mod-styled" onClick={onRefresh}>
          {trans.__('Refresh')}
        </button>
      </div>
      <p role="status">{state.isLoading ? trans.__('Asking…') : ''}</p>
      {state.error ? (
        <Refusal
          error={state.error}
          what={trans.__('the activity of a project')}
          onDoctor={onDoctor}
          trans={trans}
        />
      ) : (
        !state.isLoading && state.deeds.length === 0 && <p>{trans.__('Nothing yet.')}</p>
      )}
      <ol>
        {state.deeds.map(one => (
          <Deed key={one.id} {...props} one={one} />
        ))}
      </ol>
      {state.hasMore && (
        <button type="button" className="jp-mod-styled" onClick={onMore} disabled={state.isLoading}>
          {trans.__('Show older ones')}
        </button>
      )}
    </div>
  );
}

function Deed({ one, onOpen, trans }: IActivityPageProps & { one: IProjectDeed }): JSX.Element {
  const name = one.name || trans.__('Untitled');
  return (
    <li>
      <span>{deed(one, trans)}</span>
      {one.shortId && (
        <button
          type="button"
          className="jp-PosthogHistory-choice"
          dir="auto"
          onClick={() => onOpen(one.shortId)}
        >
          {name}
        </button>
      )}
      <time dateTime={one.created_at} title={exactTime(one.created_at)}>
        {relativeTime(one.created_at, Date.now())}
      </time>
    </li>
  );
}
