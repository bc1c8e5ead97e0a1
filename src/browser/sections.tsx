import * as React from 'react';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISidebarActions } from './actions';
import type { IMemory, SidebarMemory } from './memory';
import type { IPlace } from './places';
import { IShelved, ofProject } from './shelf';
import { exactTime } from '../common/time';
import { titleOr } from './words';

/** What the sections need. */
export interface ISectionsProps {
  place: IPlace;
  memory: SidebarMemory;
  state: IMemory;
  actions: ISidebarActions;
  trans: TranslationBundle;
}

/** What was opened here, and what was moved to the trash from here, of the project that is shown. */
export function Sections({ place, memory, state, actions, trans }: ISectionsProps): JSX.Element {
  const own = (shelf: readonly IShelved[]) =>
    ofProject(shelf, place.connection.name, place.project.id);
  const isRecentOpen = state.isRecentOpen;
  const isTrashOpen = state.isTrashOpen;
  return (
    <div className="jp-PosthogSections">
      <Section
        id="jp-posthog-recent"
        title={trans.__('Recent')}
        isOpen={isRecentOpen}
        onToggle={() => memory.remember({ isRecentOpen: !isRecentOpen })}
        nothing={trans.__('Notebooks that you open stand here.')}
        notebooks={own(state.recent)}
        draw={one => (
          <button
            type="button"
            className="jp-PosthogShelved"
            dir="auto"
            title={`${titleOr(trans, one.title)} · ${exactTime(one.at)}`}
            onClick={() => actions.open(one)}
          >
            {titleOr(trans, one.title)}
          </button>
        )}
      />
      <Section
        id="jp-posthog-trashed"
        title={trans.__('Trashed here')}
        isOpen={isTrashOpen}
        onToggle={() => memory.remember({ isTrashOpen: !isTrashOpen })}
        nothing={trans.__('Notebooks that you move to the trash from here can be restored here.')}
        notebooks={own(state.trashed)}
        draw={one => (
          <>
            <span className="jp-PosthogShelved" dir="auto" title={exactTime(one.at)}>
              {titleOr(trans, one.title)}
            </span>
            <button
              type="button"
              className="jp-PosthogRestore"
              aria-label={trans.__('Restore “%1”', titleOr(trans, one.title))}
              onClick={() => actions.restore(one)}
            >
              {trans.__('Restore')}
            </button>
          </>
        )}
      />
    </div>
  );
}

function Section(props: {
  id: string;
  title: string;
  isOpen: boolean;
  onToggle: () => void;
  nothing: string;
  notebooks: IShelved[];
  draw: (notebook: IShelved) => JSX.Element;
}): JSX.Element {
  const Caret = props.isOpen ? caretDownIcon : caretRightIcon;
  return (
    <section aria-label={props.title}>
      <button
        type="button"
        className="jp-PosthogSection-title"
        aria-expanded={props.isOpen}
        aria-controls={props.id}
        onClick={props.onToggle}
      >
        <Caret.react tag="span" className="jp-PosthogCaret" aria-hidden="true" />
        {props.title}
      </button>
      <div id={props.id} hidden={!props.isOpen}>
        {props.isOpen && props.notebooks.length === 0 && (
          <p className="jp-PosthogHint">{props.nothing}</p>
        )}
        {props.isOpen && (
          <ul className="jp-PosthogShelf">
            {props.notebooks.map(one => (
              <li key={one.shortId}>{props.draw(one)}</li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
