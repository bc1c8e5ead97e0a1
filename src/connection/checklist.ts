import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import { PosthogRequestError } from '../common/request';
import type { ICapability, IConnectionStatus } from './report';
import { capabilityWords, credentialWords, remedyWords } from './words';

/** One line of the checklist. */
export interface ILine {
  /** Works, does not work, not known; null for a line that only says something. */
  isOk: boolean | 'unknown' | null;
  text: string;
  /** Why not, and what helps. */
  remedy?: string;
}

/** Lines under one heading. */
export interface ISection {
  /** Empty for the first one. */
  title: string;
  lines: ILine[];
}

const LARGEST_SKEW_S = 60;
/** What a person can miss without losing anything but history. */
const OPTIONAL_SCOPES = ['activity_log:read'];

/** Say everything that is known of one connection, as `jupyter posthog doctor` does. */
export function connectionSections(
  status: IConnectionStatus,
  trans: TranslationBundle
): ISection[] {
  const begin = [...placeLines(status, trans), ...contactLines(status, trans)];
  if (!status.is_ok) {
    return [{ title: '', lines: [...begin, { isOk: false, text: problemOf(status, trans) }] }];
  }
  begin.push(credentialLine(status, trans), ...projectLines(status, trans));
  return [
    { title: '', lines: [...begin, ...limitLines(status, trans)] },
    { title: trans.__('Can'), lines: capabilityLines(status.capabilities, trans) },
    { title: trans.__('Scopes of the key'), lines: scopeLines(status, trans) }
  ].filter(({ lines }) => lines.length > 0);
}

/** The checklist as text, to send to somebody. */
export function asText(title: string, sections: ISection[]): string {
  const lines = sections.flatMap(section => [
    ...(section.title ? [`  ${section.title}`] : []),
    ...section.lines.map(line => {
      const remedy = line.remedy ? `: ${line.remedy}` : '';
      return `${section.title ? '    ' : '  '}${signOf(line)}${line.text}${remedy}`;
    })
  ]);
  return [title, ...lines].join('\n');
}

function signOf({ isOk }: ILine): string {
  if (isOk === null) {
    return '';
  }
  return isOk === 'unknown' ? '– ' : isOk ? '✓ ' : '✗ ';
}

function problemOf(status: IConnectionStatus, trans: TranslationBundle): string {
  const { message, reason, facts } = status;
  const error = { message: message ?? '', reason: reason ?? 'unexpected', facts, status: 0 };
  return sentence(trans, new PosthogRequestError(error));
}

function placeLines(status: IConnectionStatus, trans: TranslationBundle): ILine[] {
  const { given_host: given, sources } = status;
  const places = Object.entries(sources).map(([what, place]) => `${what}: ${place}`);
  const lines: ILine[] = [];
  if (places.length > 0) {
    lines.push({ isOk: null, text: trans.__('Settings from %1', places.join(', ')) });
  }
  if (given) {
    const text = trans.__('%1 only takes events, so the host of the app is used', given);
    lines.push({ isOk: true, text });
  }
  return lines;
}

function contactLines({ contact, host }: IConnectionStatus, trans: TranslationBundle): ILine[] {
  if (!contact) {
    return [];
  }
  const name = host.split('://')[1] ?? host;
  const lines: ILine[] = [
    { isOk: true, text: trans.__('%1 answers (%2 ms)', name, contact.duration_ms) }
  ];
  const { tls_version: tls, certificate_until: until } = contact;
  if (!tls) {
    lines.push({ isOk: true, text: trans.__('Plain http, on this machine only') });
  } else {
    const text = until ? trans.__('%1, certificate until %2', tls, until) : tls;
    lines.push({ isOk: true, text });
  }
  return [...lines, ...clockLines(contact.clock_skew_s, trans)];
}

function clockLines(skewS: number | null | undefined, trans: TranslationBundle): ILine[] {
  if (skewS === null || skewS === undefined || Math.abs(skewS) <= LARGEST_SKEW_S) {
    return [];
  }
  const seconds = Math.round(Math.abs(skewS));
  const text =
    skewS > 0
      ? trans.__('The clock of this machine is %1 s ahead of PostHog', seconds)
      : trans.__('The clock of this machine is %1 s behind PostHog', seconds);
  return [{ isOk: false, text, remedy: trans.__('Set it, or times will be wrong.') }];
}

function credentialLine(status: IConnectionStatus, trans: TranslationBundle): ILine {
  const { credential, user } = status;
  const label = credential?.label ? trans.__('key “%1”', credential.label) : '';
  const last4 = credential?.last4 ? `…${credential.last4}` : '';
  const key = [label, last4].filter(Boolean).join(' ');
  const works = credentialWords(credential?.kind ?? '', trans);
  return { isOk: true, text: [works, user?.name, key].filter(Boolean).join(' · ') };
}

function projectLines(status: IConnectionStatus, trans: TranslationBundle): ILine[] {
  return status.projects.map(({ id, name, organization }) => {
    const place = [name || trans.__('without a name'), organization].filter(Boolean).join(', ');
    const text = trans.__('Project %1: %2', id, place);
    const isFirst = id === status.default_project_id && status.projects.length > 1;
    return { isOk: true, text: isFirst ? trans.__('%1 · begins here', text) : text };
  });
}

function capabilityLines(
  capabilities: Record<string, ICapability>,
  trans: TranslationBundle
): ILine[] {
  return capabilityWords(trans)
    .filter(([family]) => family in capabilities)
    .map(([family, text]) => {
      const { state, reason, remedy } = capabilities[family] as ICapability;
      const isOk = state === 'unknown' ? 'unknown' : state === 'yes';
      const why = isOk === true ? null : remedyWords(family, reason, remedy, trans);
      return why ? { isOk, text, remedy: why } : { isOk, text };
    });
}

function scopeLines({ scopes }: IConnectionStatus, trans: TranslationBundle): ILine[] {
  return Object.entries(scopes?.needed ?? {}).map(([scope, isOk]) =>
    isOk || !OPTIONAL_SCOPES.includes(scope)
      ? { isOk, text: scope }
      : { isOk, text: trans.__('%1 (only for history)', scope) }
  );
}

function limitLines({ pauses }: IConnectionStatus, trans: TranslationBundle): ILine[] {
  return Object.entries(pauses).map(([what, seconds]) => ({
    isOk: false,
    text:
      what === 'project'
        ? trans.__('The request limit of the project is used up')
        : trans.__('The request limit of this host is used up'),
    remedy: trans.__('Going on in %1 s.', Math.ceil(seconds))
  }));
}
