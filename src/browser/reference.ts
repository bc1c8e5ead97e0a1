/** A notebook as a person names it; what is null was not said. */
export interface IReference {
  shortId: string;
  projectId: number | null;
  /** Scheme, host and port. */
  origin: string | null;
}

const SHORT_ID = /^[A-Za-z0-9]{1,12}$/;
const PAGE = /^(?:\/project\/(\d{1,18}))?\/notebooks\/([A-Za-z0-9]{1,12})(?:\/.*)?$/;

/** Read a short_id, or a notebook's address in PostHog (posthog-api.md 1.4); null where it is neither. */
export function readReference(text: string): IReference | null {
  const words = text.trim();
  if (SHORT_ID.test(words)) {
    return { shortId: words, projectId: null, origin: null };
  }
  let url: URL;
  try {
    url = new URL(words.includes('://') ? words : `https://${words}`);
  } catch {
    return null;
  }
  const page = PAGE.exec(url.pathname);
  if (!page?.[2] || !['http:', 'https:'].includes(url.protocol)) {
    return null;
  }
  return {
    shortId: page[2],
    projectId: page[1] ? Number(page[1]) : null,
    origin: url.origin
  };
}

/** Return the address of a notebook in PostHog's own page. */
export function pageOf(host: string, projectId: number, shortId: string): string {
  return `${host}/project/${projectId}/notebooks/${shortId}`;
}
