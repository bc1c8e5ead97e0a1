import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { SparseRows } from './pages';
import type { INotebookRow } from './rows';

/** PostHog takes 256 characters (posthog-api.md 6.1), each of which may be two units of a field. */
const LONGEST_UTF16 = 512;

/** What the field needs. */
export interface IRowInputProps {
  rows: SparseRows;
  /** The notebook whose title is being changed; null where none is. */
  shortId: string | null;
  /** Called once, with null where the title shall stay. */
  onDone: (row: INotebookRow, title: string | null) => void;
  trans: TranslationBundle;
}

/** The field over a row in which its title is changed: beside the list, for an option of a list holds no field. */
export function RowInput(props: IRowInputProps): JSX.Element | null {
  const { rows, shortId } = props;
  const place = shortId === null ? -1 : rows.findIndex(row => row?.short_id === shortId);
  const row = rows[place];
  return row ? <Field key={row.short_id} {...props} row={row} place={place} /> : null;
}

function Field({
  row,
  place,
  onDone,
  trans
}: IRowInputProps & { row: INotebookRow; place: number }): JSX.Element {
  const field = React.useRef<HTMLInputElement>(null);
  const isDone = React.useRef(false);
  // A field holds one line: what it shows of a title with two is no new title.
  const shown = React.useRef('');
  React.useEffect(() => {
    shown.current = field.current?.value.trim() ?? '';
    field.current?.focus();
    field.current?.select();
  }, []);
  const end = (title: string | null) => {
    // What ends it takes the focus away, which would end it again.
    if (!isDone.current) {
      isDone.current = true;
      onDone(row, title === shown.current ? null : title);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    // Enter also ends the writing of a character that takes several keys.
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      end(event.currentTarget.value.trim());
    } else if (event.key === 'Escape') {
      end(null);
    }
  };
  return (
    <input
      className="jp-PosthogRowInput"
      dir="auto"
      aria-label={trans.__('New title')}
      maxLength={LONGEST_UTF16}
      defaultValue={row.title ?? ''}
      style={{ top: `calc(var(--jp-posthog-row-height) * ${place})` }}
      ref={field}
      onKeyDown={onKeyDown}
      onBlur={event => end(event.currentTarget.value.trim())}
    />
  );
}
