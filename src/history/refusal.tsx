import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import { PosthogRequestError } from '../common/request';

/** PostHog gives some things to a browser session only (posthog-api.md 4); says so in place, with what helps. */
export function Refusal(props: {
  error: unknown;
  /** What is not shown, such as “the activity of a project”. */
  what: string;
  onDoctor: (() => void) | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { error, what, onDoctor, trans } = props;
  const isForSessions =
    error instanceof PosthogRequestError && error.reason === 'key_not_supported';
  return (
    <div role="alert" className="jp-PosthogHistory-refusal">
      <p>
        {isForSessions
          ? trans.__(
              'PostHog shows %1 to a browser session only, and this connection uses an API key. See it in PostHog itself, or connect with a session.',
              what
            )
          : sentence(trans, error)}
      </p>
      {onDoctor && (
        <button type="button" className="jp-mod-styled" onClick={onDoctor}>
          {trans.__('What this connection can do')}
        </button>
      )}
    </div>
  );
}
