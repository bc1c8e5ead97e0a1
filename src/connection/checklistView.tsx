import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ILine, ISection } from './checklist';

/** Whether a line's reason stands below it, or behind a question. */
export type Reasons = 'shown' | 'on-demand';

/** A checklist: what works, what does not, why. */
export function Checklist(props: {
  sections: ISection[];
  /** Says whose list it is. */
  label: string;
  reasons: Reasons;
  trans: TranslationBundle;
}): JSX.Element {
  const { sections, label, reasons, trans } = props;
  return (
    <div className="jp-PosthogChecklist">
      {sections.map(({ title, lines }) => (
        <React.Fragment key={title}>
          {title && <p className="jp-PosthogChecklist-title">{title}</p>}
          <ul aria-label={title ? `${label}: ${title}` : label}>
            {lines.map(line => (
              <Line key={line.text} line={line} reasons={reasons} trans={trans} />
            ))}
          </ul>
        </React.Fragment>
      ))}
    </div>
  );
}

function Line(props: { line: ILine; reasons: Reasons; trans: TranslationBundle }): JSX.Element {
  const { line, reasons, trans } = props;
  return (
    <li data-ok={String(line.isOk)}>
      <Sign isOk={line.isOk} trans={trans} />
      <span>
        {line.text}
        {line.remedy && reasons === 'shown' && (
          <span className="jp-PosthogChecklist-remedy">{line.remedy}</span>
        )}
        {line.remedy && reasons === 'on-demand' && (
          <details>
            <summary>{trans.__('Why?')}</summary>
            {line.remedy}
          </details>
        )}
      </span>
    </li>
  );
}

/** A sign to see, and the same in words to hear. */
function Sign({ isOk, trans }: { isOk: ILine['isOk']; trans: TranslationBundle }): JSX.Element {
  if (isOk === null) {
    return <span className="jp-PosthogChecklist-sign" />;
  }
  const [sign, words] =
    isOk === 'unknown'
      ? ['–', trans.__('Not known: ')]
      : isOk
        ? ['✓', trans.__('Works: ')]
        : ['✗', trans.__('Does not work: ')];
  return (
    <span className="jp-PosthogChecklist-sign">
      <span aria-hidden="true">{sign}</span>
      <span className="jp-PosthogHidden">{words}</span>
    </span>
  );
}
