import type { IReady } from './processes';

/** A request the box was asked. */
export interface IAsked {
  method: string;
  path: string;
  status: number;
}

/** A record of the box. */
export interface IRecord {
  content: { content: { type: string; attrs: Record<string, unknown> }[] };
  title: string | null;
  version: number;
}

/** The box, as a plain HTTP client sees it. */
export class BoxClient {
  constructor(ready: IReady) {
    this._ready = ready;
  }

  /** Where it answers. */
  get url(): string {
    return this._ready.url;
  }

  /** Whether PostHog says of a notebook that it is not there. */
  async isInTrash(shortId: string): Promise<boolean> {
    const address = `${this._ready.url}/api/projects/1/notebooks/${shortId}/`;
    return (await fetch(address, { headers: headersOf(this._ready.session) })).status === 404;
  }

  async record(shortId: string): Promise<IRecord> {
    return this._json(`/api/projects/1/notebooks/${shortId}/`);
  }

  async markdown(shortId: string): Promise<string> {
    const { content } = await this.record(shortId);
    return String(content.content[0]?.attrs.markdown);
  }

  /** Create a Markdown notebook and return its short_id. */
  async create(title: string, markdown: string): Promise<string> {
    const attrs = { nodeId: 'markdown-notebook-v2', markdown };
    const content = { type: 'doc', content: [{ type: 'ph-markdown-notebook', attrs }] };
    const record = await this._json<{ short_id: string }>('/api/projects/1/notebooks/', 'POST', {
      title,
      content,
      text_content: markdown
    });
    return record.short_id;
  }

  /** Create a notebook of PostHog's older, rich kind with one paragraph; today's server makes none by itself. */
  async createRich(title: string, text: string): Promise<string> {
    const shortId = await this.create(title, text);
    const paragraph = { type: 'paragraph', content: [{ type: 'text', text }] };
    const content = { type: 'doc', content: [paragraph] };
    await this._json('/_box/edit', 'POST', { short_id: shortId, content });
    return shortId;
  }

  /** Let a colleague make a rich notebook a Markdown one. */
  async upgradeElsewhere(shortId: string, markdown: string): Promise<void> {
    const attrs = { nodeId: 'markdown-notebook-v2', markdown };
    const content = { type: 'doc', content: [{ type: 'ph-markdown-notebook', attrs }] };
    await this._json('/_box/edit', 'POST', { short_id: shortId, content });
  }

  /** The requests so far, but for those of the tests themselves. */
  async asked(): Promise<IAsked[]> {
    const { requests } = await this._json<{ requests: IAsked[] }>('/_box/requests');
    return requests.filter(({ path }) => !path.startsWith('/_box/'));
  }

  /** The requests so far that changed a document. */
  async saves(): Promise<IAsked[]> {
    const { requests } = await this._json<{ requests: IAsked[] }>('/_box/requests');
    return requests.filter(
      ({ method, path }) => method === 'PATCH' || method === 'PUT' || path.includes('markdown_save')
    );
  }

  /** How many cell runs of a notebook were asked for. */
  async runsStarted(shortId: string): Promise<number> {
    const { requests } = await this._json<{ requests: IAsked[] }>('/_box/requests');
    return requests.filter(
      ({ method, path }) => method === 'POST' && path.endsWith(`${shortId}/sql_v2/run/`)
    ).length;
  }

  /** Whether a cell of a notebook runs. */
  async isRunning(shortId: string): Promise<boolean> {
    const path = `/api/projects/1/notebooks/${shortId}/sql_v2/state/`;
    const { cells } = await this._json<{ cells: { last_run: { status: string } | null }[] }>(path);
    return cells.some(({ last_run: run }) => run?.status === 'running');
  }

  /** Hold the next save until it is released. */
  async holdNextSave(): Promise<{ met: () => Promise<void>; release: () => Promise<void> }> {
    const fault = { path: '/notebooks/[A-Za-z0-9]+/(collab/markdown_save/)?$', hold: true };
    const method = await this._saveMethod();
    const { id } = await this._json<{ id: number }>('/_box/faults', 'POST', { ...fault, method });
    const act = (action: string) => this._json<void>(`/_box/faults/${id}/${action}`, 'POST', {});
    return { met: () => act('met'), release: () => act('release') };
  }

  async editElsewhere(shortId: string, markdown: string): Promise<void> {
    const { content } = await this.record(shortId);
    const node = content.content[0];
    if (node) {
      node.attrs.markdown = markdown;
    }
    await this._json('/_box/edit', 'POST', { short_id: shortId, content });
  }

  /** Save as PostHog's own page does when Grace works in it. */
  async saveAsGrace(shortId: string, markdown: string): Promise<void> {
    const { content, version } = await this.record(shortId);
    const node = content.content[0];
    if (node) {
      node.attrs.markdown = markdown;
    }
    const body = { client_id: 'page-of-grace', version, content, text_content: markdown };
    const path = `/api/projects/1/notebooks/${shortId}/collab/markdown_save/`;
    await this._json(path, 'POST', body, GRACES_SESSION);
  }

  /** How many live streams are open, by notebook. */
  async streams(): Promise<Record<string, number>> {
    return (await this._json<{ streams: Record<string, number> }>('/_box/streams')).streams;
  }

  /** Arrange what happens to the next requests that match. */
  async failNext(fault: object): Promise<void> {
    await this._json('/_box/faults', 'POST', fault);
  }

  /** PostHog answers again. */
  async clearFaults(): Promise<void> {
    await fetch(`${this._ready.url}/_box/faults`, {
      method: 'DELETE',
      headers: headersOf(this._ready.session)
    });
  }

  private async _saveMethod(): Promise<string> {
    const answer = await fetch(
      `${this._ready.url}/api/projects/1/notebooks/scratchpad/sql_v2/state/`,
      {
        headers: headersOf(this._ready.session)
      }
    );
    return answer.ok ? 'POST' : 'PATCH';
  }

  private async _json<T>(
    path: string,
    method = 'GET',
    body?: unknown,
    session = this._ready.session
  ): Promise<T> {
    const answer = await fetch(`${this._ready.url}${path}`, {
      method,
      headers: headersOf(session),
      body: body === undefined ? undefined : JSON.stringify(body)
    });
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()) as T;
  }

  private readonly _ready: IReady;
}

/** The box's second person (docs/box.md). */
const GRACES_SESSION = { cookie: 'box-session-of-grace', csrf: 'box-csrf-of-grace' };

function headersOf({ cookie, csrf }: IReady['session']): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Cookie: `sessionid=${cookie}; posthog_csrftoken=${csrf}`,
    'X-CSRFToken': csrf
  };
}
