import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IEditsState } from '../drive/tokens';
import type { INews } from './news';
import { sentenceOf } from './sentences';

const MINUTE_MS = 60_000;

/** What the item needs. */
export interface IStateItemProps {
  edits: IEditsState;
  news: INews;
  /** Show more, below the button. */
  onOpen: (anchor: HTMLElement) => void;
  trans: TranslationBundle;
}

/** In a notebook's toolbar: where its edits are, what others did, and who is there. */
export function StateItem({ edits, news, onOpen, trans }: IStateItemProps): JSX.Element {
  const nowMs = useMinutes(news.change ?? news.merged);
  const text = sentenceOf(edits, news, trans, { nowMs });
  return (
    <span className="jp-PosthogState" data-phase={edits.phase}>
      <button
        type="button"
        className="jp-PosthogState-button"
        aria-haspopup="dialog"
        onClick={event => onOpen(event.currentTarget)}
      >
        <span className="jp-PosthogState-name">PostHog: </span>
        <span className="jp-PosthogState-text" aria-live="polite">
          {text}
        </span>
        <span aria-hidden="true">▾</span>
      </button>
      <People people={news.people} trans={trans} />
    </span>
  );
}

/** The time, told again when a minute has gone since something happened. */
function useMinutes(since: { atMs: number } | null): number {
  const [nowMs, setNow] = React.useState(Date.now());
  const atMs = since?.atMs ?? null;
  React.useEffect(() => {
    setNow(Date.now());
    if (atMs === null) {
      return undefined;
    }
    const timer = setTimeout(() => setNow(Date.now()), MINUTE_MS);
    return () => clearTimeout(timer);
  }, [atMs]);
  return nowMs;
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
    <span className="jp-PosthogState-people" title={trans.__('Open in PostHog: %1', names)}>
      <span aria-hidden="true">👥 </span>
      <span className="jp-PosthogHidden">{trans.__('Also here: ')}</span>
      {names}
    </span>
  );
}
