import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

/** What the countdown needs. */
export interface ICountdownProps {
  /** What is waited for; another one begins anew. */
  pause: object;
  seconds: number;
  /** Whether somebody can see it; nothing counts where nobody looks. */
  isSeen: boolean;
  onEnd: () => void;
  trans: TranslationBundle;
}

/** Counts down and goes on by itself; not announced second by second. */
export function Countdown({ pause, seconds, isSeen, onEnd, trans }: ICountdownProps): JSX.Element {
  const endMs = React.useMemo(() => Date.now() + seconds * 1000, [pause]);
  const [, tick] = React.useReducer((count: number) => count + 1, 0);
  const left = Math.max(0, Math.ceil((endMs - Date.now()) / 1000));
  React.useEffect(() => {
    if (!isSeen) {
      return;
    }
    if (left <= 0) {
      onEnd();
      return;
    }
    const timer = setTimeout(tick, 1000);
    return () => clearTimeout(timer);
  });
  return (
    <>
      <p aria-hidden="true">{trans.__('Going on in %1 s.', left)}</p>
      <p className="jp-PosthogHidden">{trans.__('It goes on by itself.')}</p>
    </>
  );
}
