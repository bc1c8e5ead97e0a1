import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import { connectionSections } from './checklist';
import { Checklist } from './checklistView';
import type { IConnectState } from './connectModel';
import type { INewConnection } from './desk';
import { keysPage, NEEDED_SCOPES, WhereChoice, wantedConnection } from './where';

/** What the form needs. */
export interface IConnectFormProps {
  state: IConnectState;
  /** Connect; answers whether the server has had the key. */
  onConnect: (wanted: INewConnection) => Promise<boolean>;
  trans: TranslationBundle;
}

/** Where a PostHog is and a key for it; below, what the key may do. */
export function ConnectForm({ state, onConnect, trans }: IConnectFormProps): JSX.Element {
  const [where, setWhere] = React.useState<WhereChoice>('us');
  const [host, setHost] = React.useState('');
  // The key lives in its field alone, in no state of the page.
  const key = React.useRef<HTMLInputElement>(null);
  const isBusy = state.phase === 'trying';
  const onSubmit = async (event: React.FormEvent) => {
    event.preventDefault();
    const field = key.current;
    if (!field || isBusy) {
      return;
    }
    if (await onConnect(wantedConnection(where, host, field.value))) {
      field.value = '';
    }
  };
  return (
    <div className="jp-PosthogConnect">
      <form onSubmit={event => void onSubmit(event)} autoComplete="off">
        <Where where={where} host={host} onWhere={setWhere} onHost={setHost} trans={trans} />
        <label className="jp-PosthogConnect-key">
          {trans.__('Personal API key')}
          <input
            ref={key}
            type="password"
            className="jp-mod-styled"
            autoComplete="off"
            placeholder="phx_…"
            aria-describedby="jp-posthog-key-help"
            required
            readOnly={isBusy}
          />
        </label>
        <KeyHelp where={where} host={host} trans={trans} />
        {/* Not disabled: what is disabled loses the focus, and Escape would close the dialog no more. */}
        <button type="submit" className="jp-mod-styled jp-mod-accept" aria-disabled={isBusy}>
          {isBusy ? trans.__('Connecting…') : trans.__('Connect')}
        </button>
      </form>
      <Outcome state={state} trans={trans} />
    </div>
  );
}

function Where(props: {
  where: WhereChoice;
  host: string;
  onWhere: (where: WhereChoice) => void;
  onHost: (host: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { where, host, onWhere, onHost, trans } = props;
  const choices: [WhereChoice, string][] = [
    ['us', trans.__('US cloud')],
    ['eu', trans.__('EU cloud')],
    ['other', trans.__('Other')]
  ];
  return (
    <fieldset>
      <legend>{trans.__('Where?')}</legend>
      {choices.map(([value, words]) => (
        <label key={value}>
          <input
            type="radio"
            name="jp-posthog-where"
            checked={where === value}
            onChange={() => onWhere(value)}
          />
          {words}
        </label>
      ))}
      {where === 'other' && (
        <input
          type="text"
          className="jp-mod-styled"
          aria-label={trans.__('Address of your PostHog')}
          placeholder="https://posthog.example.com"
          value={host}
          onChange={event => onHost(event.target.value)}
          required
        />
      )}
    </fieldset>
  );
}

function KeyHelp(props: {
  where: WhereChoice;
  host: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { where, host, trans } = props;
  const page = keysPage(where, host);
  return (
    <p id="jp-posthog-key-help" className="jp-PosthogConnect-help">
      {page && (
        <a href={page} target="_blank" rel="noreferrer">
          {trans.__('Create a key')}
        </a>
      )}{' '}
      {trans.__('Scopes it needs: %1', NEEDED_SCOPES.join(', '))}
    </p>
  );
}

/** What became of it, line by line as it becomes known. */
function Outcome({
  state,
  trans
}: {
  state: IConnectState;
  trans: TranslationBundle;
}): JSX.Element {
  const { phase, name, status, error } = state;
  const label = trans.__('Connection %1', name ?? '');
  return (
    <div role="status" className="jp-PosthogConnect-outcome">
      {error && <p className="jp-PosthogConnect-error">{sentence(trans, error)}</p>}
      {error?.detail && <p className="jp-PosthogConnect-help">{error.detail}</p>}
      {name && <p>{trans.__('Connected as “%1”. The key is kept by the server.', name)}</p>}
      {phase === 'asking' && <p>{trans.__('Asking what this key may do…')}</p>}
      {status && (
        <Checklist
          sections={connectionSections(status, trans)}
          label={label}
          reasons="on-demand"
          trans={trans}
        />
      )}
    </div>
  );
}
