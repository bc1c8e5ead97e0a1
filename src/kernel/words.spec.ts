import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import type { IKernel } from './desk';
import { effectOf, lineOf, stillRunningOf, warningOf } from './words';

const trans = nullTranslator.load('jupyter_posthog');
const NOW = Date.parse('2026-10-02T10:00:00Z');
const RUNNING = {
  status: 'running',
  endsAtMs: NOW + 42.9 * 60_000,
  lifetimeS: 7200,
  price: 0.25,
  frames: 0
};

describe('lineOf', () => {
  it.each([
    [{ kernel: RUNNING, isBusy: false }, 'PostHog ● idle · 42 min left · $0.25/h'],
    [{ kernel: RUNNING, isBusy: true }, 'PostHog ● busy · 42 min left · $0.25/h'],
    [{ kernel: { ...RUNNING, endsAtMs: null, price: null }, isBusy: false }, 'PostHog ● idle'],
    [{ kernel: { ...RUNNING, status: 'stopped' }, isBusy: false }, 'PostHog ○ no kernel'],
    [{ kernel: { ...RUNNING, status: 'timed_out' }, isBusy: false }, 'PostHog ○ its time was up'],
    [
      { kernel: { ...RUNNING, endsAtMs: NOW + 59_000 }, isBusy: false },
      'PostHog ● idle · less than a minute left · $0.25/h'
    ],
    [{ kernel: null, isBusy: true }, '']
  ])('%#', (shown, line) => {
    expect(lineOf(shown, NOW, trans)).toBe(line);
  });
});

describe('warningOf', () => {
  it.each([
    [600, 4, "The kernel ends in 10 minutes (PostHog's limit). 4 frames would be lost."],
    [119, 1, "The kernel ends in 2 minutes (PostHog's limit). 1 frame would be lost."],
    [20, 0, "The kernel ends in 1 minute (PostHog's limit)."]
  ])('%i seconds, %i frames', (secondsLeft, frames, text) => {
    expect(warningOf(secondsLeft, frames, trans)).toBe(text);
  });
});

describe('stillRunningOf', () => {
  const kernel = { ends_at: '2026-10-02T14:05:00', ends_by: null } as IKernel;

  it.each([
    [kernel, "PostHog's kernel is still running until 02:05 PM."],
    [
      { ...kernel, ends_at: null, ends_by: kernel.ends_at },
      "PostHog's kernel is still running, until 02:05 PM at the latest."
    ],
    [{ ...kernel, ends_at: null }, "PostHog's kernel is still running."]
  ])('%#', (one, text) => {
    expect(stillRunningOf(one, trans, 'en-US')).toBe(text);
  });
});

describe('effectOf', () => {
  it.each([
    [{ hourly_price: 1, restarts: false, lost: [] }, '$1.00 an hour.'],
    [
      { hourly_price: 1, restarts: true, lost: ['orders', 'df'] },
      '$1.00 an hour. Changing the size restarts the kernel: orders, df would be lost.'
    ],
    [
      { hourly_price: null, restarts: true, lost: ['a', 'b', 'c', 'd', 'e'] },
      'Changing the size restarts the kernel: a, b, c and 2 more would be lost.'
    ],
    [
      { hourly_price: null, restarts: true, lost: [] },
      'Changing the size restarts the kernel: its variables would be lost.'
    ]
  ])('%#', (effect, text) => {
    expect(effectOf(effect, trans)).toBe(text);
  });
});
