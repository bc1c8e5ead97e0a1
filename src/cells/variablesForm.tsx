import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { IVariableDraft, VARIABLE_TYPES, VariableType } from './variables';

const MOST = 10;

/** The variables of a notebook in a dialog; its value is what the person typed. */
export class VariablesForm extends ReactWidget implements Dialog.IBodyWidget<IVariableDraft[]> {
  constructor(drafts: IVariableDraft[], problem: string, trans: TranslationBundle) {
    super();
    this._drafts = drafts;
    this._problem = problem;
    this._trans = trans;
    this.addClass('jp-PosthogVariables');
  }

  getValue(): IVariableDraft[] {
    return this._drafts;
  }

  render(): JSX.Element {
    return (
      <VariableRows
        drafts={this._drafts}
        problem={this._problem}
        onChange={drafts => {
          this._drafts = drafts;
          this.update();
        }}
        trans={this._trans}
      />
    );
  }

  private _drafts: IVariableDraft[];
  private readonly _problem: string;
  private readonly _trans: TranslationBundle;
}

function VariableRows(props: {
  drafts: IVariableDraft[];
  problem: string;
  onChange: (drafts: IVariableDraft[]) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { drafts, problem, onChange, trans } = props;
  const change = (index: number, part: Partial<IVariableDraft>) =>
    onChange(drafts.map((draft, place) => (place === index ? { ...draft, ...part } : draft)));
  return (
    <>
      <p>
        {trans.__(
          'SQL cells read {name}, Python cells have a global of that name. Kept in PostHog.'
        )}
      </p>
      {problem && <p role="alert">{problem}</p>}
      {drafts.map((draft, index) => (
        <div key={index} role="group" aria-label={trans.__('Variable %1', String(index + 1))}>
          <input
            type="text"
            aria-label={trans.__('Name')}
            placeholder={trans.__('Name')}
            maxLength={200}
            value={draft.name}
            onChange={event => change(index, { name: event.target.value })}
          />
          <select
            aria-label={trans.__('Type')}
            value={draft.type}
            onChange={event => change(index, { type: event.target.value })}
          >
            {VARIABLE_TYPES.map(type => (
              <option key={type} value={type}>
                {typeWord(type, trans)}
              </option>
            ))}
          </select>
          <input
            type={draft.type === 'date' ? 'date' : 'text'}
            aria-label={trans.__('Value')}
            placeholder={trans.__('Value')}
            maxLength={1000}
            value={draft.text}
            onChange={event => change(index, { text: event.target.value })}
          />
          <button
            type="button"
            onClick={() => onChange(drafts.filter((_, place) => place !== index))}
          >
            {trans.__('Remove')}
          </button>
        </div>
      ))}
      {drafts.length < MOST && (
        <button
          type="button"
          onClick={() => onChange([...drafts, { name: '', type: 'string', text: '' }])}
        >
          {trans.__('Add variable')}
        </button>
      )}
    </>
  );
}

function typeWord(type: VariableType, trans: TranslationBundle): string {
  switch (type) {
    case 'string':
      return trans.__('text');
    case 'number':
      return trans.__('number');
    case 'boolean':
      return trans.__('true or false');
    case 'date':
      return trans.__('date');
  }
}
