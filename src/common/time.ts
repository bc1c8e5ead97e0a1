const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60]
];

/** Keep what was made for a language: making a format takes longer than using it, and every row uses two. */
function perLocale<T>(make: (locale?: string) => T): (locale?: string) => T {
  const made = new Map<string | undefined, T>();
  return locale => {
    const format = made.get(locale) ?? make(locale);
    made.set(locale, format);
    return format;
  };
}

const relativeFormat = perLocale(
  locale => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
);
const exactFormat = perLocale(
  locale => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
);

/** Say how long ago a moment was, as people do; an empty text where it is no moment. */
export function relativeTime(moment: string, nowMs: number, locale?: string): string {
  const secondsAgo = (nowMs - Date.parse(moment)) / 1000;
  if (Number.isNaN(secondsAgo)) {
    return '';
  }
  const format = relativeFormat(locale);
  const unit = UNITS.find(([, seconds]) => secondsAgo >= seconds);
  return unit
    ? format.format(-Math.floor(secondsAgo / unit[1]), unit[0])
    : format.format(0, 'minute');
}

/** Return the exact moment, in the reader's own form. */
export function exactTime(moment: string, locale?: string): string {
  const time = Date.parse(moment);
  return Number.isNaN(time) ? '' : exactFormat(locale).format(time);
}

/** Return the time of the day, as the reader writes it. */
export function clockTime(momentMs: number, locale?: string): string {
  return new Date(momentMs).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
}
