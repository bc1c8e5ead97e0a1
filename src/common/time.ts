const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60]
];

/** Say how long ago a moment was, as people do; an empty text where it is no moment. */
export function relativeTime(moment: string, nowMs: number, locale?: string): string {
  const secondsAgo = (nowMs - Date.parse(moment)) / 1000;
  if (Number.isNaN(secondsAgo)) {
    return '';
  }
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const unit = UNITS.find(([, seconds]) => secondsAgo >= seconds);
  return unit
    ? format.format(-Math.floor(secondsAgo / unit[1]), unit[0])
    : format.format(0, 'minute');
}

/** Return the exact moment, in the reader's own form. */
export function exactTime(moment: string, locale?: string): string {
  const time = Date.parse(moment);
  return Number.isNaN(time) ? '' : new Date(time).toLocaleString(locale);
}
