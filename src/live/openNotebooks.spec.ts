import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { json, testServer } from '../common/testServer';
import { IShownNotebook, OpenNotebooks } from './openNotebooks';

const ONE = { path: 'env/1/Plan [aB3].ipynb', version: 3 };
const KNOWN = { connection: 'env', project_id: 1, short_id: 'aB3', version: 4, by: 'Grace' };

function page(answer = () => json({ lease_s: 90, notebooks: [KNOWN] })) {
  const { settings, asked } = testServer(answer);
  const shown: IShownNotebook[] = [];
  const open = new OpenNotebooks({
    serverSettings: settings,
    pageId: 'page-of-ada',
    shown: () => [...shown]
  });
  return { open, shown, asked };
}

/** Tell the server, and let the poll take its turn. */
async function told(open: OpenNotebooks): Promise<void> {
  const telling = open.update();
  await vi.advanceTimersByTimeAsync(20);
  await telling;
}

describe('OpenNotebooks', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks nothing while no notebook is open', async () => {
    const { open, asked } = page();

    await told(open);
    await vi.advanceTimersByTimeAsync(600_000);

    expect(asked).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells what is open, and again at half of the lease', async () => {
    const { open, shown, asked } = page();
    shown.push(ONE);

    await told(open);
    await vi.advanceTimersByTimeAsync(44_900);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);

    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ method: 'PUT', body: { notebooks: [ONE] } });
    expect(asked[0]?.url).toContain('posthog/live/page-of-ada');
    open.dispose();
  });

  it('hands on what the server knows', async () => {
    const { open, shown } = page();
    const known = vi.fn();
    open.known.connect((_, notebook) => known(notebook));
    shown.push(ONE);

    await told(open);

    expect(known).toHaveBeenCalledWith(KNOWN);
    open.dispose();
  });

  it('tells once that the last notebook was closed, and is silent from then on', async () => {
    const { open, shown, asked } = page();
    shown.push(ONE);
    await told(open);
    shown.pop();

    await told(open);
    await told(open);
    await vi.advanceTimersByTimeAsync(600_000);

    expect(asked.map(({ body }) => body)).toEqual([{ notebooks: [ONE] }, { notebooks: [] }]);
  });

  it('says goodbye with the page, only where the server was told of something', async () => {
    const { open, shown, asked } = page();
    open.leave();
    shown.push(ONE);
    await told(open);

    open.leave();
    await vi.advanceTimersByTimeAsync(0);

    expect(asked.map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
    open.dispose();
  });

  it('tries again where the server does not answer', async () => {
    let isAway = true;
    const { open, shown, asked } = page(() =>
      isAway ? json({ message: 'away' }, 503) : json({ lease_s: 90, notebooks: [] })
    );
    shown.push(ONE);
    await told(open);

    isAway = false;
    await vi.advanceTimersByTimeAsync(300_000);

    expect(asked.length).toBeGreaterThan(1);
    open.dispose();
  });
});
