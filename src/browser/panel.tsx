import * as React from 'react';
import { UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { addressOf, INotebookMarks, ISidebarActions } from './actions';
import { FilterBar } from './filterBar';
import { Header } from './header';
import { NotebookList } from './list';
import type { SidebarMemory } from './memory';
import type { BrowserModel } from './model';
import { Notice } from './notice';
import { Sections } from './sections';
import type { SelectionModel } from './selection';
import type { IBrowserState } from './state';
import { shortTitle } from './words';

/** What the panel needs. */
export interface ISidebarProps {
  model: BrowserModel;
  selection: SelectionModel;
  memory: SidebarMemory;
  marks: INotebookMarks;
  actions: ISidebarActions;
  /** The notebook whose title is being changed. */
  renaming: string | null;
  onRenamed: () => void;
  /** Whether the panel is in view. */
  isSeen: boolean;
  /** Puts the keyboard into the list. */
  focusList: () => void;
  trans: TranslationBundle;
}

/** The sidebar: where we are, search and filters, the list, what was done here. */
export function Sidebar(props: ISidebarProps): JSX.Element {
  const { model } = props;
  return (
    <UseSignal signal={model.changed} initialArgs={model.state}>
      {(_, state) => <Content {...props} state={state ?? model.state} />}
    </UseSignal>
  );
}

function Content(props: ISidebarProps & { state: IBrowserState }): JSX.Element {
  const { state, model, actions, trans } = props;
  const { place } = state;
  return (
    <div className="jp-PosthogBrowser">
      <Header place={place} isLoading={state.isLoading} actions={actions} trans={trans} />
      <FilterBar
        filters={state.filters}
        isEnabled={place !== null}
        onSearch={words => model.search(words)}
        onDone={props.focusList}
        actions={actions}
        trans={trans}
      />
      {state.lostConnection && (
        <p className="jp-PosthogHint" role="status">
          {trans.__('The connection “%1” was removed.', state.lostConnection)}
        </p>
      )}
      <Notice state={state} isSeen={props.isSeen} actions={actions} trans={trans} />
      {place && state.rows.length > 0 && (
        <NotebookList
          place={place}
          rows={state.rows}
          question={state.question}
          isStale={state.error !== null}
          selection={props.selection}
          marks={props.marks}
          renaming={props.renaming}
          onOpen={row => actions.open(addressOf(place, row))}
          onRename={(row, title) => {
            props.onRenamed();
            if (title !== null) {
              actions.rename(row, title);
            }
          }}
          onWindow={(first, last) => void model.show(first, last)}
          trans={trans}
        />
      )}
      {place && <Count {...props} />}
      {place && (
        <UseSignal signal={props.memory.changed} initialArgs={props.memory.state}>
          {(_, memory) => (
            <Sections
              place={place}
              memory={props.memory}
              state={memory ?? props.memory.state}
              actions={actions}
              trans={trans}
            />
          )}
        </UseSignal>
      )}
    </div>
  );
}

/** How many there are, and what just changed: said to those who listen, too. */
function Count(props: ISidebarProps & { state: IBrowserState }): JSX.Element {
  const { state, trans } = props;
  const { count, lastChange } = state;
  return (
    <div className="jp-PosthogCount" role="status">
      {count !== null && !state.error && trans._n('%1 notebook', '%1 notebooks', count)}
      {lastChange && (
        <span className="jp-PosthogHidden">
          {lastChange.by
            ? trans.__('%1 changed “%2”.', lastChange.by, shortTitle(trans, lastChange.title))
            : trans.__('“%1” was changed.', shortTitle(trans, lastChange.title))}
        </span>
      )}
    </div>
  );
}
