import type { TranslationBundle } from '@jupyterlab/translation';
import type { IKernel, IKernelFrame, ISizeEffect } from './desk';
import type { IShownKernel } from './model';

const RUNS = new Set(['running', 'starting']);

/** Whether there is a kernel. */
export function isRunning(state: string): boolean {
  return RUNS.has(state);
}

/** Say in a line how PostHog's kernel is: `PostHog ● idle · 42 min left · $0.25/h`. */
export function lineOf(
  { kernel, isBusy }: IShownKernel,
  nowMs: number,
  trans: TranslationBundle
): string {
  if (!kernel) {
    return '';
  }
  const sign = isRunning(kernel.status) ? '●' : '○';
  const parts = [`PostHog ${sign} ${stateOf(kernel.status, isBusy, trans)}`];
  if (isRunning(kernel.status) && kernel.endsAtMs !== null) {
    parts.push(leftOf(kernel.endsAtMs - nowMs, trans));
  }
  if (isRunning(kernel.status) && kernel.price !== null) {
    parts.push(trans.__('$%1/h', kernel.price.toFixed(2)));
  }
  return parts.join(' · ');
}

/** Say the state of a kernel in a word or two. */
export function stateOf(state: string, isBusy: boolean, trans: TranslationBundle): string {
  switch (state) {
    case 'running':
      return isBusy ? trans.__('busy') : trans.__('idle');
    case 'starting':
      return trans.__('starting');
    case 'stopped':
      return trans.__('no kernel');
    case 'timed_out':
      return trans.__('its time was up');
    case 'error':
      return trans.__('crashed');
    default:
      return trans.__('ended');
  }
}

/** Say how much time is left, never more than there is. */
export function leftOf(leftMs: number, trans: TranslationBundle): string {
  const minutes = Math.floor(leftMs / 60_000);
  return minutes >= 1
    ? trans._n('%1 min left', '%1 min left', minutes)
    : trans.__('less than a minute left');
}

/** Say what will be lost, and when. */
export function warningOf(secondsLeft: number, frames: number, trans: TranslationBundle): string {
  const minutes = Math.max(1, Math.round(secondsLeft / 60));
  const end = trans._n(
    "The kernel ends in %1 minute (PostHog's limit).",
    "The kernel ends in %1 minutes (PostHog's limit).",
    minutes
  );
  if (frames === 0) {
    return end;
  }
  const lost = trans._n('%1 frame would be lost.', '%1 frames would be lost.', frames);
  return `${end} ${lost}`;
}

/** Say of a kernel that was detached from until when it runs. */
export function stillRunningOf(kernel: IKernel, trans: TranslationBundle, locale?: string): string {
  const [until, latest] = [timeOf(kernel.ends_at, locale), timeOf(kernel.ends_by, locale)];
  if (until) {
    return trans.__("PostHog's kernel is still running until %1.", until);
  }
  return latest
    ? trans.__("PostHog's kernel is still running, until %1 at the latest.", latest)
    : trans.__("PostHog's kernel is still running.");
}

/** Say since and until when a kernel runs. */
export function spanOf(kernel: IKernel, trans: TranslationBundle, locale?: string): string {
  const [since, until] = [timeOf(kernel.started_at, locale), timeOf(kernel.ends_at, locale)];
  if (since && until) {
    return trans.__('Since %1, until %2 whatever runs', since, until);
  }
  const latest = timeOf(kernel.ends_by, locale);
  return latest ? trans.__('Until %1 at the latest', latest) : '';
}

/** Say what a frame holds. */
export function frameOf(frame: IKernelFrame, trans: TranslationBundle): string {
  const columns = trans._n('%1 column', '%1 columns', frame.columns);
  if (frame.row_count === null) {
    return columns;
  }
  const rows = trans._n('%1 row', '%1 rows', frame.row_count);
  return `${frame.is_estimate ? '~' : ''}${rows} × ${columns}`;
}

/** Say what another size costs and destroys. */
export function effectOf(effect: ISizeEffect, trans: TranslationBundle): string {
  const price =
    effect.hourly_price === null ? '' : trans.__('$%1 an hour.', effect.hourly_price.toFixed(2));
  if (!effect.restarts) {
    return price;
  }
  const lost = effect.lost.length
    ? trans.__(
        'Changing the size restarts the kernel: %1 would be lost.',
        namesOf(effect.lost, trans)
      )
    : trans.__('Changing the size restarts the kernel: its variables would be lost.');
  return [price, lost].filter(Boolean).join(' ');
}

const MOST_NAMES = 3;

function namesOf(names: string[], trans: TranslationBundle): string {
  const more = names.length - MOST_NAMES;
  return more > 0
    ? trans.__('%1 and %2 more', names.slice(0, MOST_NAMES).join(', '), more)
    : names.join(', ');
}

function timeOf(moment: string | null, locale?: string): string {
  return moment === null
    ? ''
    : new Date(moment).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
}
