import { ServerConnection } from '@jupyterlab/services';
import { urlPath, INotebookAddress } from '../common/paths';
import { request } from '../common/request';

/** Something that PostHog noted about a notebook. */
export interface INotedEntry {
  id: string;
  activity: string;
  by: string;
  created_at: string;
  title: { before: unknown; after: unknown } | null;
  /** Whether the notebook as it was then can be looked at. */
  has_content: boolean;
}

/** A version that the server has seen and kept. */
export interface IKeptVersion {
  version: number;
  kept_at: string;
}

/** Why something is not shown. */
export interface IRefusal {
  reason: string;
  message: string;
}

/** The past of one notebook: what is kept here, and what PostHog noted, newest first. */
export interface IHistory {
  versions: IKeptVersion[];
  activity: { entries: INotedEntry[] | null; count: number | null; refusal: IRefusal | null };
}

/** A moment of the past: an entry of PostHog's on a page of them, or a version that is kept here. */
export type Moment =
  { kind: 'entry'; id: string; page: number } | { kind: 'version'; version: number };

/** A cell that differs between then and now. */
export interface ICellDifference {
  kind: 'edited' | 'added' | 'removed';
  cell_type: string;
  before: string | null;
  after: string | null;
  /** Each line with `-` where it is gone, `+` where it is new, an empty sign where it stayed. */
  lines: [string, string][];
}

/** A notebook as it was; `differences` is null where PostHog did not answer. */
export interface IOldNotebook {
  content: unknown;
  differences: ICellDifference[] | null;
}

/** What a restore did. */
export interface IRestored {
  path: string;
  base_version: number;
  replaced_version: number;
}

/** What the page asks of the server about the past of a notebook. */
export interface IHistoryDesk {
  history(address: INotebookAddress, page: number): Promise<IHistory>;
  old(address: INotebookAddress, moment: Moment): Promise<IOldNotebook>;
  /** Store an old one as the newest version. */
  restore(address: INotebookAddress, moment: Moment): Promise<IRestored>;
}

/** The routes `posthog/history/…` of the server extension. */
export class HistoryDesk implements IHistoryDesk {
  constructor(serverSettings: ServerConnection.ISettings) {
    this._settings = serverSettings;
  }

  history(address: INotebookAddress, page: number): Promise<IHistory> {
    return request(this._settings, `${pathOf(address)}?page=${page}`);
  }

  old(address: INotebookAddress, moment: Moment): Promise<IOldNotebook> {
    return request(this._settings, `${pathOf(address)}?${queryOf(moment)}`);
  }

  restore(address: INotebookAddress, moment: Moment): Promise<IRestored> {
    const wanted =
      moment.kind === 'version'
        ? { version: moment.version }
        : { entry: moment.id, page: moment.page };
    const init = { method: 'POST', body: JSON.stringify(wanted) };
    return request(this._settings, pathOf(address), init);
  }

  private readonly _settings: ServerConnection.ISettings;
}

function pathOf(address: INotebookAddress): string {
  return `posthog/history/${urlPath(address)}`;
}

function queryOf(moment: Moment): string {
  return moment.kind === 'version'
    ? `version=${moment.version}`
    : `entry=${encodeURIComponent(moment.id)}&page=${moment.page}`;
}
