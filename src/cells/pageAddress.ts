import type { INotebookAddress } from '../common/paths';
import type { ITag } from './tag';

/**
 * Return where PostHog shows something, on the connection's own origin and on no other.
 *
 * @param host - of the connection, as its settings say
 * @returns null where the host is no http address
 */
export function pageAddress(host: string, projectId: number, path: string): string | null {
  let origin: URL;
  try {
    origin = new URL(host);
  } catch {
    return null;
  }
  if (origin.protocol !== 'https:' && origin.protocol !== 'http:') {
    return null;
  }
  const address = new URL(`/project/${projectId}${path}`, origin.origin);
  return address.origin === origin.origin ? address.href : null;
}

/** The path of a notebook's own page (posthog-api.md 1.4). */
export function notebookPath({ shortId }: INotebookAddress): string {
  return `/notebooks/${encodeURIComponent(shortId)}`;
}

const BY_ID: Record<string, string> = {
  Action: '/data-management/actions/',
  Cohort: '/cohorts/',
  Dashboard: '/dashboard/',
  EarlyAccessFeature: '/early_access_features/',
  ErrorTrackingIssue: '/error_tracking/',
  Experiment: '/experiments/',
  Insight: '/insights/',
  Person: '/persons/',
  PersonFeed: '/persons/',
  PersonProperties: '/persons/',
  Recording: '/replay/',
  RecordingPlaylist: '/replay/playlists/',
  Survey: '/surveys/'
};

/** The path of the page of what a tag shows; null where PostHog has none that is known. */
export function pathOfTag(tag: ITag): string | null {
  const id = idOf(tag.props.get('id'));
  if (tag.name === 'FeatureFlag' || tag.name === 'FeatureFlagCodeExample') {
    // Old tags hold the flag's key, by which it has no page.
    return /^\d+$/.test(id) ? `/feature_flags/${id}` : null;
  }
  if (tag.name === 'Group' || tag.name === 'GroupProperties' || tag.name === 'RelatedGroups') {
    const type = idOf(tag.props.get('groupTypeIndex'));
    return id && type ? `/groups/${type}/${id}` : null;
  }
  if (tag.name === 'Query') {
    const saved = savedInsight(tag.props.get('query'));
    return saved ? `/insights/${saved}` : null;
  }
  const base = Object.hasOwn(BY_ID, tag.name) ? BY_ID[tag.name] : undefined;
  if (!base || !id) {
    return null;
  }
  const atMs = tag.props.get('timestampMs');
  const moment = tag.name === 'Recording' && typeof atMs === 'number' && atMs > 0;
  return `${base}${id}${moment ? `?t=${Math.floor(atMs / 1000)}` : ''}`;
}

/** The short id of a saved insight that a query stands for. */
export function savedInsight(query: unknown): string {
  const node = (typeof query === 'object' && query !== null ? query : {}) as Record<
    string,
    unknown
  >;
  return node.kind === 'SavedInsightNode' ? idOf(node.shortId) : '';
}

/** An id as a part of a path; empty where it is none. */
function idOf(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') {
    return '';
  }
  const text = String(value);
  return text && text !== '.' && text !== '..' ? encodeURIComponent(text) : '';
}
