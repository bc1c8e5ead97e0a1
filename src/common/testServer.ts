import { ServerConnection } from '@jupyterlab/services';

/** A request that a test's server got. */
export interface IAskedRequest {
  method: string;
  url: string;
  body: unknown;
}

/** Settings of a server that answers from a function of the test; for tests only. */
export function testServer(answer: (asked: IAskedRequest) => Response | Promise<Response>): {
  settings: ServerConnection.ISettings;
  asked: IAskedRequest[];
} {
  const asked: IAskedRequest[] = [];
  const fetchIt = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const text = await request.clone().text();
    const one = { method: request.method, url: request.url, body: text ? JSON.parse(text) : null };
    asked.push(one);
    return answer(one);
  };
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://localhost/',
    wsUrl: 'ws://localhost/',
    fetch: fetchIt,
    Request,
    Headers
  });
  return { settings, asked };
}

/** A JSON answer. */
export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json' }
  });
}
