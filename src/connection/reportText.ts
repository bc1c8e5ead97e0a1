import type { TranslationBundle } from '@jupyterlab/translation';
import { asText, connectionSections } from './checklist';
import { titleOf } from './doctorPage';
import { installationSection } from './installation';
import type { IReport } from './report';

/** The whole report as text, to send to somebody; it holds the last four characters of keys at most. */
export function reportText(report: IReport, trans: TranslationBundle): string {
  const connections = report.connections.map(status =>
    asText(titleOf(status, report.default, trans), connectionSections(status, trans))
  );
  const machine = asText(trans.__('This machine'), [
    installationSection(report.installation, trans)
  ]);
  return [...connections, ...report.problems.map(problem => `✗ ${problem}`), machine].join('\n\n');
}
