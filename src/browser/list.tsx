import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { addressOf, INotebookMarks } from './actions';
import { useCalm } from './calm';
import { RowInput } from './rowInput';
import { isTyped, placeAfter, TypeAhead } from './keys';
import type { SparseRows } from './pages';
import type { IPlace } from './places';
import { MINUTE_MS, Row } from './row';
import type { INotebookRow } from './rows';
import type { SelectionModel } from './selection';
import { IWindow, slotsOf, useRowHeight, windowOf } from './rowWindow';

/** What the list needs. */
export interface INotebookListProps {
  place: IPlace;
  rows: SparseRows;
  /** The rows of another question begin at the top. */
  question: number;
  isStale: boolean;
  selection: SelectionModel;
  marks: INotebookMarks;
  /** The notebook whose title is being changed. */
  renaming: string | null;
  onOpen: (row: INotebookRow) => void;
  onRename: (row: INotebookRow, title: string | null) => void;
  onWindow: (first: number, last: number) => void;
  trans: TranslationBundle;
}

/** The notebooks of a project, however many: only the rows in view are in the page. */
export function NotebookList(props: INotebookListProps): JSX.Element {
  const { rows, selection, trans } = props;
  const scroller = React.useRef<HTMLDivElement>(null);
  const [rowHeight, probe] = useRowHeight();
  const [shown, setShown] = React.useState<IWindow>(windowOf(null, rowHeight, rows.length));
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const typeAhead = React.useRef(new TypeAhead());

  const update = () => {
    const next = windowOf(scroller.current, rowHeight, rows.length);
    setShown(before => (before.first === next.first && before.last === next.last ? before : next));
  };
  React.useEffect(() => {
    const observer = new ResizeObserver(update);
    if (scroller.current) {
      observer.observe(scroller.current);
    }
    return () => observer.disconnect();
  });
  React.useLayoutEffect(update, [rowHeight, rows.length]);
  React.useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [props.question]);
  useCalm(() => props.onWindow(shown.first, shown.last), shown, props.question);
  React.useEffect(() => {
    const onMove = () => reveal(scroller.current, selection.active, rowHeight);
    selection.changed.connect(redraw);
    selection.moved.connect(onMove);
    return () => {
      selection.changed.disconnect(redraw);
      selection.moved.disconnect(onMove);
    };
  }, [selection, rowHeight]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const inView = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight);
    const target = placeAfter(event.key, selection.active, rows.length, inView);
    const now = Date.now();
    if (target !== null) {
      selection.select(target, event.shiftKey ? 'extend' : 'only');
    } else if (event.key === ' ' && !typeAhead.current.isTyping(now)) {
      selection.select(selection.active, event.ctrlKey ? 'toggle' : 'only');
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      selection.selectAll();
    } else if (event.key === 'Escape') {
      selection.clear();
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      openContextMenu(scroller.current, selection);
    } else if (isTyped(event)) {
      const found = typeAhead.current.find(event.key, rows, selection.active, now);
      if (found !== null) {
        selection.select(found, 'only');
      }
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const minute = Math.ceil(Date.now() / MINUTE_MS);
  const activeId = rowId(selection.active);
  const isActiveShown = selection.active >= shown.first && selection.active <= shown.last;
  return (
    <div className="jp-PosthogScroller" ref={scroller} onScroll={update}>
      {probe}
      <div
        className="jp-PosthogList"
        role="listbox"
        tabIndex={0}
        aria-multiselectable="true"
        aria-label={trans.__('PostHog notebooks')}
        aria-activedescendant={isActiveShown ? activeId : undefined}
        data-stale={props.isStale}
        style={{ height: `calc(var(--jp-posthog-row-height) * ${rows.length})` }}
        onKeyDown={onKeyDown}
        onFocus={() => selection.active < 0 && selection.select(0, 'only')}
        onMouseDown={event => selectByMouse(event, selection)}
        onDoubleClick={event => {
          const row = rows[placeUnder(event.target)];
          if (row) {
            props.onOpen(row);
          }
        }}
      >
        {slotsOf(shown, rows.length).map(({ place, slot }) => {
          const row = rows[place];
          const address = row && addressOf(props.place, row);
          return (
            <Row
              key={slot}
              id={rowId(place)}
              row={row}
              place={place}
              count={rows.length}
              isActive={place === selection.active}
              isSelected={selection.isSelected(row)}
              isOpen={address !== undefined && props.marks.isOpen(address)}
              isRunning={address !== undefined && props.marks.isRunning(address)}
              minute={minute}
              trans={trans}
            />
          );
        })}
      </div>
      <RowInput
        rows={rows}
        shortId={props.renaming}
        onDone={(row, title) => {
          props.onRename(row, title);
          scroller.current?.querySelector<HTMLElement>('.jp-PosthogList')?.focus();
        }}
        trans={trans}
      />
    </div>
  );
}

const rowId = (place: number) => `jp-posthog-row-${place}`;

function placeUnder(target: EventTarget): number {
  const row = target instanceof Element ? target.closest('[data-place]') : null;
  return Number(row?.getAttribute('data-place') ?? -1);
}

function selectByMouse(event: React.MouseEvent, selection: SelectionModel): void {
  const place = placeUnder(event.target);
  const isSecondary = event.button === 2 || (event.button === 0 && event.ctrlKey && isMac());
  if (place < 0) {
    return;
  }
  // The menu is about what is selected; a row beside that is selected first.
  if (isSecondary) {
    selection.pick(place);
  } else if (event.button === 0) {
    const mode = event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'only';
    selection.select(place, mode);
  }
}

function isMac(): boolean {
  return navigator.platform.startsWith('Mac');
}

function reveal(scroller: HTMLElement | null, place: number, rowHeight: number): void {
  if (!scroller || place < 0) {
    return;
  }
  const [top, bottom] = [place * rowHeight, (place + 1) * rowHeight];
  if (top < scroller.scrollTop) {
    scroller.scrollTop = top;
  } else if (bottom > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = bottom - scroller.clientHeight;
  }
}

/** Open the menu at the row that the keyboard is at; the browser would open it at the list's corner. */
function openContextMenu(scroller: HTMLElement | null, selection: SelectionModel): void {
  const row = scroller?.querySelector(`[data-place="${selection.active}"]`);
  if (row) {
    selection.pick(selection.active);
    const { left, bottom } = row.getBoundingClientRect();
    const init = { bubbles: true, cancelable: true, clientX: left + 16, clientY: bottom - 4 };
    row.dispatchEvent(new MouseEvent('contextmenu', init));
  }
}
