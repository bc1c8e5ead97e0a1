import type { TranslationBundle } from '@jupyterlab/translation';
import type { CardIcon } from './cardIcons';
import { savedInsight } from './pageAddress';
import { ITag, readTag, tagName } from './tag';

/** What a card says about its tag. */
export interface ICardFacts {
  icon: CardIcon;
  /** What kind of thing it is, or the tag's own name where that is not known. */
  kind: string;
  /** Its name or id; may be empty. */
  name: string;
  /** One or two more facts. */
  facts: string[];
  /** Text shown as it stands, where nothing else tells what the tag is; empty elsewhere. */
  text: string;
}

type Words = (trans: TranslationBundle) => string;
type Kind = [icon: CardIcon, words: Words];

const KINDS: Record<string, Kind> = {
  Action: ['code', trans => trans.__('Action')],
  Backlink: ['link', trans => trans.__('Link')],
  Cohort: ['people', trans => trans.__('Cohort')],
  CustomerJourney: ['chart', trans => trans.__('Customer journey')],
  Dashboard: ['board', trans => trans.__('Dashboard')],
  EarlyAccessFeature: ['flask', trans => trans.__('Early access feature')],
  Embed: ['link', trans => trans.__('Embedded page')],
  ErrorTrackingIssue: ['warning', trans => trans.__('Issue')],
  Experiment: ['flask', trans => trans.__('Experiment')],
  FeatureFlag: ['flag', trans => trans.__('Feature flag')],
  FeatureFlagCodeExample: ['code', trans => trans.__('Code of a feature flag')],
  Group: ['people', trans => trans.__('Group')],
  GroupProperties: ['people', trans => trans.__('Properties of a group')],
  Insight: ['chart', trans => trans.__('Insight')],
  Issues: ['warning', trans => trans.__('Issues')],
  LLMTrace: ['code', trans => trans.__('LLM trace')],
  Latex: ['code', trans => trans.__('Formula')],
  Map: ['person', trans => trans.__('Map')],
  Person: ['person', trans => trans.__('Person')],
  PersonFeed: ['person', trans => trans.__('Feed of a person')],
  PersonProperties: ['person', trans => trans.__('Properties of a person')],
  Query: ['chart', trans => trans.__('Insight')],
  Recording: ['play', trans => trans.__('Recording')],
  RecordingPlaylist: ['play', trans => trans.__('Playlist of recordings')],
  RelatedGroups: ['people', trans => trans.__('Related groups')],
  ReplayTimestamp: ['play', trans => trans.__('Moment of a recording')],
  SupportTickets: ['board', trans => trans.__('Support tickets')],
  Survey: ['board', trans => trans.__('Survey')],
  TaskCreate: ['board', trans => trans.__('Task')],
  UsageMetrics: ['chart', trans => trans.__('Usage metrics')],
  Widget: ['chart', trans => trans.__('Generated widget')],
  Workflow: ['board', trans => trans.__('Workflow')],
  ZendeskTickets: ['board', trans => trans.__('Zendesk tickets')]
};
/** Properties that name a thing, the best first. */
const NAMES = [
  'title',
  'id',
  'sessionRecordingId',
  'distinctId',
  'personId',
  'groupKey',
  'src',
  'prompt',
  'content'
];
const LONGEST_NAME = 120;
const LONGEST_TEXT = 2000;

/** Return what a card says about the text of its cell; never nothing. */
export function factsOf(source: string, trans: TranslationBundle): ICardFacts {
  const tag = readTag(source);
  const known = tag && Object.hasOwn(KINDS, tag.name) ? KINDS[tag.name] : undefined;
  if (!tag || !known) {
    return unknown(source, tag, trans);
  }
  const name = nameOf(tag);
  return { icon: known[0], kind: known[1](trans), name, facts: moreOf(tag, name, trans), text: '' };
}

function unknown(source: string, tag: ITag | null, trans: TranslationBundle): ICardFacts {
  const text = source.trim();
  const kind = tag?.name === 'UnknownNode' ? textOf(tag.props.get('nodeType')) : tagName(source);
  return {
    icon: 'tag',
    kind: kind || trans.__('Block of PostHog'),
    name: '',
    facts: tag || !kind ? [] : [trans.__('not written as PostHog writes it')],
    text: cut(text, LONGEST_TEXT) || trans.__('(empty)')
  };
}

function nameOf({ props }: ITag): string {
  const named = NAMES.map(name => textOf(props.get(name))).find(text => text !== '');
  return cut(named ?? decodeURIComponent(savedInsight(props.get('query'))), LONGEST_NAME);
}

function moreOf({ name, props }: ITag, shown: string, trans: TranslationBundle): string[] {
  const found: string[] = [];
  const atMs = props.get(name === 'ReplayTimestamp' ? 'playbackTime' : 'timestampMs');
  if (typeof atMs === 'number' && atMs >= 0) {
    found.push(trans.__('from %1', clock(atMs)));
  }
  const source = querySource(props.get('query'));
  const kind = textOf(source.kind).replace(/Query$/, '');
  if (kind) {
    found.push(kind);
  }
  const range = record(source.dateRange);
  const [from, to] = [textOf(range.date_from), textOf(range.date_to)];
  if (from || to) {
    found.push(trans.__('%1 to %2', from || trans.__('the beginning'), to || trans.__('now')));
  }
  const type = props.get('groupTypeIndex');
  if (typeof type === 'number') {
    found.push(trans.__('group type %1', String(type)));
  }
  for (const more of ['distinctId', 'type', 'description', 'view']) {
    const text = textOf(props.get(more));
    if (text && text !== shown) {
      found.push(cut(text, LONGEST_NAME));
    }
  }
  return found.slice(0, 2);
}

/** The query inside of what an insight holds: the node itself or, where it is a frame around one, its source. */
function querySource(query: unknown): Record<string, unknown> {
  const node = record(query);
  const source = record(node.source);
  return Object.keys(source).length ? source : node.kind === 'SavedInsightNode' ? {} : node;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function cut(text: string, longest: number): string {
  const signs = Array.from(text);
  return signs.length <= longest ? text : `${signs.slice(0, longest - 1).join('')}…`;
}

/** A moment of a recording, such as 1:24. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}
