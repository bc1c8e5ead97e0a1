import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import type { IBrowserState } from './model';

/** What a notice can do. */
export interface INoticeProps {
  state: IBrowserState;
  onRetry: () => void;
  onClearSearch: () => void;
  onNew: () => void;
  /** Opens the dialog for another connection; null where there is none. */
  onConnect: (() => void) | null;
  /** Opens the page that says what works and why not; null where there is none. */
  onDoctor: (() => void) | null;
  trans: TranslationBundle;
}

/** What stands in place of the list, or above it: loading, nothing, an error with a way out. */
export function Notice(props: INoticeProps): JSX.Element | null {
  const { state, trans } = props;
  if (state.error) {
    return <ErrorNotice {...props} />;
  }
  if (state.isLoading && state.rows.length === 0) {
    return <Skeleton trans={trans} />;
  }
  if (state.rows.length > 0) {
    return null;
  }
  if (state.search.trim()) {
    return (
      <Message text={trans.__('Nothing matches “%1”.', state.search.trim())}>
        <Action label={trans.__('Clear search')} onClick={props.onClearSearch} />
      </Message>
    );
  }
  return (
    <Message text={trans.__('No notebooks in this project yet.')}>
      <Action label={trans.__('New notebook')} onClick={props.onNew} />
    </Message>
  );
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

function ErrorNotice({ state, trans, onRetry, onConnect, onDoctor }: INoticeProps): JSX.Element {
  const { error } = state;
  if (error?.reason === 'rate_limited') {
    const seconds = Number(error.facts.wait_s ?? 60);
    return (
      <Message text={trans.__('The request limit of your team is used up.')}>
        <Countdown pause={error} seconds={seconds} onEnd={onRetry} trans={trans} />
      </Message>
    );
  }
  return (
    <Message text={sentence(trans, error)} detail={error?.detail}>
      {onConnect && error && HELPED_BY_CONNECTING.includes(error.reason) && (
        <Action label={trans.__('Connect to PostHog…')} onClick={onConnect} />
      )}
      <Action label={trans.__('Try again')} onClick={onRetry} />
      {onDoctor && error?.reason !== 'not_connected' && (
        <Action label={trans.__('Doctor')} onClick={onDoctor} />
      )}
    </Message>
  );
}

function Message(props: { text: string; detail?: string; children: React.ReactNode }): JSX.Element {
  return (
    <div className="jp-PosthogNotice" role="status">
      <p>{props.text}</p>
      {props.detail && <p className="jp-PosthogNotice-detail">{props.detail}</p>}
      {props.children}
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

/** Counts down and goes on by itself; not announced second by second. */
function Countdown(props: {
  /** What is waited for; another one begins anew. */
  pause: object;
  seconds: number;
  onEnd: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const [left, setLeft] = React.useState(props.seconds);
  React.useEffect(() => setLeft(props.seconds), [props.pause]);
  React.useEffect(() => {
    if (left <= 0) {
      props.onEnd();
      return;
    }
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left, props.pause]);
  return (
    <>
      <p aria-hidden="true">{props.trans.__('Going on in %1 s.', left)}</p>
      <p className="jp-PosthogHidden">{props.trans.__('It goes on by itself.')}</p>
    </>
  );
}

function Skeleton({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <div className="jp-PosthogSkeleton" role="status" aria-label={trans.__('Loading notebooks')}>
      {[0, 1, 2, 3, 4, 5].map(row => (
        <div key={row} className="jp-PosthogSkeleton-row" />
      ))}
    </div>
  );
}
