import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IProjectPlace, IRecordingComment } from './projectDesk';
import { clock, momentUrl, recordingIdOf } from './recordings';
import { Refusal } from './refusal';

/** What the page needs. */
export interface ICommentsPageProps {
  place: IProjectPlace;
  find: (recordingId: string) => Promise<IRecordingComment[]>;
  onOpen: (shortId: string) => void;
  onDoctor: (() => void) | null;
  trans: TranslationBundle;
}

type Found =
  | { kind: 'nothing' }
  | { kind: 'not_an_id' }
  | { kind: 'asking'; id: string }
  | { kind: 'found'; id: string; comments: IRecordingComment[] }
  | { kind: 'refused'; id: string; error: unknown };

/** What notebooks say about the moments of one session recording. */
export function CommentsPage(props: ICommentsPageProps): JSX.Element {
  const { find, trans } = props;
  const [typed, setTyped] = React.useState('');
  const [found, setFound] = React.useState<Found>({ kind: 'nothing' });
  const ask = async (event: React.FormEvent) => {
    event.preventDefault();
    const id = recordingIdOf(typed);
    if (!id) {
      setFound({ kind: 'not_an_id' });
      return;
    }
    setFound({ kind: 'asking', id });
    let answer: Found;
    try {
      answer = { kind: 'found', id, comments: await find(id) };
    } catch (error) {
      answer = { kind: 'refused', id, error };
    }
    // An answer that comes after the next question is passed over.
    setFound(now => (now.kind === 'asking' && now.id === id ? answer : now));
  };
  return (
    <div className="jp-PosthogActivity">
      <h1>{trans.__('What notebooks say about a recording')}</h1>
      <form className="jp-PosthogHistory-head" onSubmit={event => void ask(event)}>
        <input
          className="jp-mod-styled"
          aria-label={trans.__('Id or address of a recording')}
          placeholder={trans.__('Id or address of a recording')}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        <button type="submit" className="jp-mod-styled jp-mod-accept">
          {trans.__('Find')}
        </button>
      </form>
      <Result {...props} found={found} />
    </div>
  );
}

function Result(props: ICommentsPageProps & { found: Found }): JSX.Element | null {
  const { found, onDoctor, trans } = props;
  switch (found.kind) {
    case 'nothing':
      return null;
    case 'not_an_id':
      return (
        <p role="alert">
          {trans.__('This is neither the id of a recording nor its address in PostHog.')}
        </p>
      );
    case 'asking':
      return <p role="status">{trans.__('Asking…')}</p>;
    case 'refused':
      return (
        <Refusal
          error={found.error}
          what={trans.__('comments on recordings')}
          onDoctor={onDoctor}
          trans={trans}
        />
      );
    case 'found':
      return <Comments {...props} id={found.id} comments={found.comments} />;
  }
}

function Comments(
  props: ICommentsPageProps & { id: string; comments: IRecordingComment[] }
): JSX.Element {
  const { place, id, comments, onOpen, trans } = props;
  return (
    <>
      <p role="status">
        {comments.length === 0
          ? trans.__(
              'No notebook says anything about this recording. PostHog looks only into notebooks of the older format.'
            )
          : trans._n('%1 comment', '%1 comments', comments.length)}
      </p>
      <ol>
        {comments.map(one => (
          <li key={one.id}>
            <a
              href={momentUrl(place, id, one.timeInRecording)}
              target="_blank"
              rel="noopener noreferrer"
              aria-label={trans.__('The recording at %1, in PostHog', clock(one.timeInRecording))}
            >
              {clock(one.timeInRecording)}
            </a>
            <span dir="auto">{one.comment}</span>
            <button
              type="button"
              className="jp-PosthogHistory-choice"
              dir="auto"
              onClick={() => onOpen(one.notebookShortId)}
            >
              {one.notebookTitle || trans.__('Untitled')}
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
