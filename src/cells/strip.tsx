import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { ICellNames } from './codeCell';
import { EditableWord } from './editableWord';
import { isFrameName } from './magicLine';

/** A cell whose result another one reads. */
export interface IUsedCell {
  name: string;
  nodeId: string;
}

/** What the strip of a code cell says. */
export interface IStripState extends ICellNames {
  uses: readonly IUsedCell[];
  /** Whether the shown result is older than the code, or than what it reads. */
  isStale: boolean;
}

/** What a person can do in it. */
export interface IStripActions {
  rename: (name: string | null) => void;
  retitle: (title: string) => void;
  show: (nodeId: string) => void;
}

interface IStripProps extends IStripState, IStripActions {
  trans: TranslationBundle;
}

/** Title and result of a code cell, what it reads, and whether it is stale: one quiet line above the code. */
export function Strip(props: IStripProps): JSX.Element {
  const { title, name, defaultName, uses, isStale, trans } = props;
  const shownName = name === null ? defaultName : name;
  const titleWord = (
    <EditableWord
      className="jp-PosthogStrip-title"
      value={title}
      shown={title || trans.__('Add title')}
      isQuiet={!title}
      label={title ? trans.__('Title of the cell: %1', title) : trans.__('Add title')}
      inputLabel={trans.__('Title of the cell')}
      problemOf={() => ''}
      onChange={text => props.retitle(text.trim())}
    />
  );
  return (
    <div className="jp-PosthogStrip" data-lm-suppress-shortcuts="true">
      {title && titleWord}
      <EditableWord
        className="jp-PosthogStrip-name"
        value={shownName}
        shown={shownName ? trans.__('result → %1', shownName) : trans.__('result not kept')}
        isQuiet={false}
        label={
          shownName
            ? trans.__('Name of the result: %1', shownName)
            : trans.__('The result has no name')
        }
        inputLabel={trans.__('Name of the result; empty to only show it')}
        problemOf={text =>
          text.trim() === '' || isFrameName(text.trim())
            ? ''
            : trans.__('A name has letters, digits and _, and no digit first.')
        }
        onChange={text => props.rename(text.trim())}
      />
      {uses.length > 0 && (
        <span className="jp-PosthogStrip-uses">
          {trans.__('uses')}
          {uses.map(used => (
            <button
              key={used.nodeId}
              type="button"
              title={trans.__('Show the cell that makes %1', used.name)}
              onClick={() => props.show(used.nodeId)}
            >
              {used.name}
            </button>
          ))}
        </span>
      )}
      {isStale && (
        <span
          className="jp-PosthogStrip-stale"
          title={trans.__('The code, or what it reads, has changed since this ran.')}
        >
          {trans.__('stale')}
        </span>
      )}
      {!title && titleWord}
    </div>
  );
}

/** The strip as a widget of its cell. */
export class StripWidget extends ReactWidget {
  constructor(state: IStripState, actions: IStripActions, trans: TranslationBundle) {
    super();
    this._state = state;
    this._actions = actions;
    this._trans = trans;
    this.addClass('jp-PosthogStrip-widget');
  }

  set state(state: IStripState) {
    this._state = state;
    this.update();
  }

  render(): JSX.Element {
    return <Strip {...this._state} {...this._actions} trans={this._trans} />;
  }

  private _state: IStripState;
  private readonly _actions: IStripActions;
  private readonly _trans: TranslationBundle;
}
