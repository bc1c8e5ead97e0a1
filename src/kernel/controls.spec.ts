import { describe, expect, it } from 'vitest';
import { json, testServer } from '../common/testServer';
import { KernelControls } from './controls';
import { IKernel, KernelDesk } from './desk';

const ADDRESS = { connection: 'env', projectId: 1, shortId: 'aB3' };
const KERNEL = { state: 'running', frames: [] };

function controls(answer: (path: string) => Response | Promise<Response>) {
  const { settings, asked } = testServer(({ url }) => answer(new URL(url).pathname));
  const accepted: IKernel[] = [];
  const one = new KernelControls({
    desk: new KernelDesk(settings),
    address: ADDRESS,
    accepted: kernel => accepted.push(kernel)
  });
  return { one, asked, accepted };
}

describe('KernelControls', () => {
  it('reads the kernel, and does without sizes where PostHog tells none', async () => {
    const { one, accepted } = controls(path =>
      path.endsWith('/options') ? json({ reason: 'endpoint_missing' }, 404) : json(KERNEL)
    );

    await one.read();

    expect(one.state).toMatchObject({ kernel: KERNEL, options: null, phase: 'ready', error: null });
    expect(accepted).toEqual([KERNEL]);
  });

  it('keeps what it knew where PostHog refuses, and says why', async () => {
    const { one, accepted } = controls(path =>
      path.endsWith('/stop') ? json({ reason: 'key_not_supported' }, 403) : json(KERNEL)
    );
    await one.read();

    await one.stop();

    expect(one.state).toMatchObject({ kernel: KERNEL, phase: 'ready' });
    expect(one.state.error).toMatchObject({ reason: 'key_not_supported' });
    expect(accepted).toHaveLength(1);
  });

  it('shows the effect of the size that was chosen last', async () => {
    const releases: ((answer: Response) => void)[] = [];
    const { one } = controls(() => new Promise(resolve => releases.push(resolve)));
    const first = one.preview({ cpu_cores: 4 });
    const second = one.preview({ cpu_cores: 8 });
    await expect.poll(() => releases.length).toBe(2);

    releases[1]?.(json({ hourly_price: 2, restarts: true, lost: [] }));
    await second;
    releases[0]?.(json({ hourly_price: 1, restarts: true, lost: [] }));
    await first;

    expect(one.state.effect?.hourly_price).toBe(2);
  });

  it('sends a change once, however often the button is pressed', async () => {
    const { one, asked } = controls(path =>
      json(path.endsWith('/config') ? { restarted: true } : KERNEL)
    );

    await Promise.all([one.resize({ cpu_cores: 4 }), one.resize({ cpu_cores: 4 })]);

    expect(asked.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
      { cpu_cores: 4 }
    ]);
  });
});
