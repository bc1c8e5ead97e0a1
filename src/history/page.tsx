import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import { exactTime, relativeTime } from '../common/time';
import type { IOldNotebook, Moment } from './desk';
import { DifferencesView } from './differencesView';
import type { IHistoryState, IPlacedEntry } from './model';
import { IPreviewTools, Preview } from './preview';
import { deed } from './words';

/** What the page needs. */
export interface IHistoryPageProps {
  title: string;
  state: IHistoryState;
  tools: IPreviewTools;
  onChoose: (moment: Moment) => void;
  onRestore: (moment: Moment) => void;
  onMore: () => void;
  onRefresh: () => void;
  trans: TranslationBundle;
}

/** The past of one notebook: a list of moments, and the notebook as it was at one of them. */
export function HistoryPage(props: IHistoryPageProps): JSX.Element {
  const { state, trans } = props;
  return (
    <div className="jp-PosthogHistory">
      <section className="jp-PosthogHistory-moments" aria-label={trans.__('Moments')}>
        <div className="jp-PosthogHistory-head">
          <h1>{props.title}</h1>
          <button type="button" className="jp-mod-styled" onClick={props.onRefresh}>
            {trans.__('Refresh')}
          </button>
        </div>
        <p role="status">
          {state.isLoading ? trans.__('Asking…') : ''}
          {state.error ? sentence(trans, state.error) : ''}
        </p>
        <InPosthog {...props} />
        <KeptHere {...props} />
      </section>
      <section className="jp-PosthogHistory-old" aria-label={trans.__('The notebook as it was')}>
        <Old {...props} />
      </section>
    </div>
  );
}

function InPosthog(props: IHistoryPageProps): JSX.Element {
  const { state, onMore, trans } = props;
  return (
    <>
      <h2>{trans.__('Noted by PostHog')}</h2>
      {state.refusal && <p className="jp-PosthogHistory-refusal">{refused(props)}</p>}
      {!state.refusal && !state.isLoading && state.entries.length === 0 && (
        <p>{trans.__('PostHog has noted nothing.')}</p>
      )}
      <ol>
        {state.entries.map(entry => (
          <Entry key={entry.id} {...props} entry={entry} />
        ))}
      </ol>
      {state.hasMore && (
        <button type="button" className="jp-mod-styled" onClick={onMore} disabled={state.isLoading}>
          {trans.__('Show older ones')}
        </button>
      )}
    </>
  );
}

function refused({ state, trans }: IHistoryPageProps): string {
  const { refusal } = state;
  return refusal?.reason === 'missing_scope'
    ? trans.__(
        'This key lacks activity_log:read, so what PostHog noted is not shown. Add the scope or use another key; versions kept here are below.'
      )
    : (refusal?.message ?? '');
}

function Entry(props: IHistoryPageProps & { entry: IPlacedEntry }): JSX.Element {
  const { entry, state, onChoose, trans } = props;
  const words = deed(entry, trans);
  const chosen = state.chosen?.kind === 'entry' && state.chosen.id === entry.id;
  return (
    <li>
      {entry.has_content ? (
        <Choice
          isChosen={chosen}
          onChoose={() => onChoose({ kind: 'entry', id: entry.id, page: entry.page })}
        >
          {words}
        </Choice>
      ) : (
        <span>{words}</span>
      )}
      <Time moment={entry.created_at} />
    </li>
  );
}

function KeptHere(props: IHistoryPageProps): JSX.Element {
  const { state, onChoose, trans } = props;
  return (
    <>
      <h2>{trans.__('Kept on this server')}</h2>
      {!state.isLoading && state.versions.length === 0 && (
        <p>{trans.__('No version is kept here yet.')}</p>
      )}
      <ol>
        {state.versions.map(({ version, kept_at }) => (
          <li key={version}>
            <Choice
              isChosen={state.chosen?.kind === 'version' && state.chosen.version === version}
              onChoose={() => onChoose({ kind: 'version', version })}
            >
              {trans.__('Version %1', version)}
            </Choice>
            <Time moment={kept_at} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Choice(props: {
  isChosen: boolean;
  onChoose: () => void;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-PosthogHistory-choice"
      aria-pressed={props.isChosen}
      onClick={props.onChoose}
    >
      {props.children}
    </button>
  );
}

function Time({ moment }: { moment: string }): JSX.Element {
  return (
    <time dateTime={moment} title={exactTime(moment)}>
      {relativeTime(moment, Date.now())}
    </time>
  );
}

function Old(props: IHistoryPageProps): JSX.Element {
  const { state, trans } = props;
  const { chosen, old } = state;
  if (!chosen) {
    return <p>{trans.__('Choose a moment to see the notebook as it was then.')}</p>;
  }
  if (!old) {
    return <p role="status">{state.error ? '' : trans.__('Reading…')}</p>;
  }
  return <Read {...props} chosen={chosen} old={old} />;
}

function Read(props: IHistoryPageProps & { chosen: Moment; old: IOldNotebook }): JSX.Element {
  const { state, tools, chosen, old, onRestore, trans } = props;
  const [isPreview, setPreview] = React.useState(false);
  return (
    <>
      <div className="jp-PosthogHistory-head">
        <Choice isChosen={!isPreview} onChoose={() => setPreview(false)}>
          {trans.__('What changed since')}
        </Choice>
        <Choice isChosen={isPreview} onChoose={() => setPreview(true)}>
          {trans.__('As it was')}
        </Choice>
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          disabled={state.isRestoring || old.differences?.length === 0}
          onClick={() => onRestore(chosen)}
        >
          {state.isRestoring ? trans.__('Restoring…') : trans.__('Restore this')}
        </button>
      </div>
      {isPreview ? (
        <Preview
          content={old.content}
          tools={tools}
          label={trans.__('The notebook as it was then')}
        />
      ) : (
        <DifferencesView differences={old.differences} trans={trans} />
      )}
    </>
  );
}
