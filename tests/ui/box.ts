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

  /** The requests so far that changed a document. */
  async saves(): Promise<IAsked[]> {
    const { requests } = await this._json<{ requests: IAsked[] }>('/_box/requests');
    return requests.filter(
      ({ method, path }) => method === 'PATCH' || method === 'PUT' || path.includes('markdown_save')
    );
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

  private async _saveMethod(): Promise<string> {
    const answer = await fetch(
      `${this._ready.url}/api/projects/1/notebooks/scratchpad/sql_v2/state/`,
      {
        headers: this._headers
      }
    );
    return answer.ok ? 'POST' : 'PATCH';
  }

  private async _json<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
    const answer = await fetch(`${this._ready.url}${path}`, {
      method,
      headers: this._headers,
      body: body === undefined ? undefined : JSON.stringify(body)
    });
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()) as T;
  }

  private get _headers(): Record<string, string> {
    const { cookie, csrf } = this._ready.session;
    return {
      'Content-Type': 'application/json',
      Cookie: `sessionid=${cookie}; posthog_csrftoken=${csrf}`,
      'X-CSRFToken': csrf
    };
  }

  private readonly _ready: IReady;
}
