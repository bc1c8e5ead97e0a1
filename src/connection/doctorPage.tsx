import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import { connectionSections, ISection } from './checklist';
import { Checklist } from './checklistView';
import type { IDoctorState } from './doctorModel';
import { installationSection } from './installation';
import type { IConnectionStatus } from './report';

/** What a person can do on the page. */
export interface IDoctorPageProps {
  state: IDoctorState;
  onRefresh: () => void;
  onCopy: () => void;
  onConnect: () => void;
  onTest: (name: string) => void;
  onRemove: (name: string) => void;
  trans: TranslationBundle;
}

/** What works with each connection, what does not, why, and what helps. */
export function DoctorPage(props: IDoctorPageProps): JSX.Element {
  const { state, trans } = props;
  const { report } = state;
  return (
    <div className="jp-PosthogDoctor">
      <h1>{trans.__('PostHog: what works here')}</h1>
      <Actions {...props} />
      <p role="status">
        {state.isAsking ? trans.__('Asking…') : ''}
        {state.error ? sentence(trans, state.error) : ''}
      </p>
      {report?.problems.map(problem => (
        <p key={problem} className="jp-PosthogConnect-error">
          {problem}
        </p>
      ))}
      {report?.connections.length === 0 && <p>{trans.__('No PostHog is connected.')}</p>}
      {report?.connections.map(status => (
        <Connection key={status.name} {...props} status={status} />
      ))}
      {report && (
        <section>
          <h2>{trans.__('This machine')}</h2>
          <Checklist
            sections={[installationSection(report.installation, trans)]}
            label={trans.__('This machine')}
            reasons="shown"
            trans={trans}
          />
        </section>
      )}
    </div>
  );
}

function Actions({ state, onRefresh, onCopy, onConnect, trans }: IDoctorPageProps): JSX.Element {
  return (
    <div className="jp-PosthogDoctor-actions">
      <button
        type="button"
        className="jp-mod-styled jp-mod-accept"
        onClick={onRefresh}
        disabled={state.isAsking}
      >
        {trans.__('Ask again')}
      </button>
      <button
        type="button"
        className="jp-mod-styled"
        onClick={onCopy}
        disabled={state.report === null}
      >
        {trans.__('Copy as text')}
      </button>
      <button type="button" className="jp-mod-styled" onClick={onConnect}>
        {trans.__('Add a connection')}
      </button>
    </div>
  );
}

function Connection(props: IDoctorPageProps & { status: IConnectionStatus }): JSX.Element {
  const { state, status, onTest, onRemove, trans } = props;
  const { name } = status;
  const isTesting = state.testing.includes(name);
  const sections: ISection[] = connectionSections(status, trans);
  return (
    <section aria-busy={isTesting}>
      <h2>{titleOf(status, state.report?.default ?? null, trans)}</h2>
      <div className="jp-PosthogDoctor-actions">
        <button
          type="button"
          className="jp-mod-styled"
          aria-label={trans.__('Test %1', name)}
          onClick={() => onTest(name)}
          disabled={isTesting}
        >
          {isTesting ? trans.__('Testing…') : trans.__('Test')}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-warn"
          aria-label={trans.__('Remove %1', name)}
          onClick={() => onRemove(name)}
        >
          {trans.__('Remove')}
        </button>
      </div>
      <Checklist
        sections={sections}
        label={trans.__('Connection %1', name)}
        reasons="shown"
        trans={trans}
      />
    </section>
  );
}

/** A connection's name, host and rank. */
export function titleOf(
  status: IConnectionStatus,
  defaultName: string | null,
  trans: TranslationBundle
): string {
  const rank = status.name === defaultName ? trans.__('default') : '';
  return [status.name, status.host, rank].filter(Boolean).join(' · ');
}
