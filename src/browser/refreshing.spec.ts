import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refreshing } from './refreshing';

const MINUTE_MS = 60_000;

function refreshing(intervalMs = MINUTE_MS) {
  const listeners = new Set<() => void>();
  const page = {
    hidden: false,
    addEventListener: (_: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => void listeners.delete(listener)
  };
  const ask = vi.fn().mockResolvedValue(undefined);
  const one = new Refreshing({ ask, intervalMs, page });
  const setHidden = (hidden: boolean) => {
    page.hidden = hidden;
    listeners.forEach(listener => listener());
  };
  return { one, ask, setHidden };
}

describe('Refreshing', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks once the panel is shown, and then from time to time', async () => {
    const { one, ask } = refreshing();
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(ask).not.toHaveBeenCalled();

    one.isShown = true;
    await vi.advanceTimersByTimeAsync(1);
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);

    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('has no timer before the panel is shown, nor while it is hidden', async () => {
    const { one, ask } = refreshing();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    one.isShown = true;
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(vi.getTimerCount()).toBe(1);

    one.isShown = false;
    await vi.advanceTimersByTimeAsync(0);

    expect(vi.getTimerCount()).toBe(0);
    const calls = ask.mock.calls.length;
    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
    expect(ask).toHaveBeenCalledTimes(calls);
  });

  it('has no timer while the page is hidden, and goes on when it is seen', async () => {
    const { one, ask, setHidden } = refreshing();
    one.isShown = true;
    await vi.advanceTimersByTimeAsync(1);

    setHidden(true);
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
    expect(vi.getTimerCount()).toBe(0);
    expect(ask).toHaveBeenCalledTimes(1);
    setHidden(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('does not ask again for a panel that was hidden for a moment', async () => {
    const { one, ask } = refreshing();
    one.isShown = true;
    await vi.advanceTimersByTimeAsync(1);

    one.isShown = false;
    await vi.advanceTimersByTimeAsync(1000);
    one.isShown = true;
    await vi.advanceTimersByTimeAsync(1000);

    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('asks later and later while nothing answers', async () => {
    const { one, ask } = refreshing();
    ask.mockRejectedValue(new Error('away'));
    one.isShown = true;

    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);

    expect(ask.mock.calls.length).toBeGreaterThan(3);
    expect(ask.mock.calls.length).toBeLessThan(30);
  });

  it('asks once only where a person wants no more', async () => {
    const { one, ask } = refreshing(0);
    one.isShown = true;
    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);

    expect(ask).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind', async () => {
    const { one } = refreshing();
    one.isShown = true;
    await vi.advanceTimersByTimeAsync(1);

    one.dispose();
    await vi.advanceTimersByTimeAsync(0);

    expect(vi.getTimerCount()).toBe(0);
  });
});
