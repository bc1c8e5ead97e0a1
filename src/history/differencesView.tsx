import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ICellDifference } from './desk';
import { differenceTitle } from './words';

/** What has changed since, cell by cell and line by line. */
export function DifferencesView(props: {
  differences: ICellDifference[] | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { differences, trans } = props;
  if (differences === null) {
    return <p>{trans.__('PostHog does not answer, so this was not compared with now.')}</p>;
  }
  if (differences.length === 0) {
    return <p>{trans.__('The cells are the same as now.')}</p>;
  }
  return (
    <ol className="jp-PosthogDifferences">
      {differences.map((difference, index) => (
        <li key={index}>
          <h3>{differenceTitle(difference, trans)}</h3>
          <pre tabIndex={0} aria-label={differenceTitle(difference, trans)}>
            {difference.lines.map(([sign, line], number) => (
              <Line key={number} sign={sign} line={line} trans={trans} />
            ))}
          </pre>
        </li>
      ))}
    </ol>
  );
}

function Line(props: { sign: string; line: string; trans: TranslationBundle }): JSX.Element {
  const { sign, line, trans } = props;
  const text = `${sign || ' '} ${line}\n`;
  if (sign === '+') {
    return <ins aria-label={trans.__('now: %1', line)}>{text}</ins>;
  }
  return sign === '-' ? (
    <del aria-label={trans.__('then: %1', line)}>{text}</del>
  ) : (
    <span>{text}</span>
  );
}
