import { describe, expect, it } from 'vitest';
import { clock, momentUrl, recordingIdOf } from './recordings';

const ID = '0191c3e0-0000-7000-8000-0000000000cc';

describe('recordings', () => {
  it.each([
    [ID, ID],
    [`  ${ID} `, ID],
    [`https://us.posthog.com/project/1/replay/${ID}?t=84`, ID],
    [`https://us.posthog.com/replay/home?sessionRecordingId=${ID}`, ID],
    ['two words', null],
    ['javascript:alert(1)', null],
    ['https://us.posthog.com/project/1/notebooks/aB3dE5gH', null],
    ['', null]
  ])('are found in what a person typed: %s', (typed, id) => {
    expect(recordingIdOf(typed)).toBe(id);
  });

  it('have an address for each moment', () => {
    const place = { host: 'https://eu.posthog.com', projectId: 7 };
    expect(momentUrl(place, ID, 84_999)).toBe(`https://eu.posthog.com/project/7/replay/${ID}?t=84`);
  });

  it.each([
    [0, '0:00'],
    [84_000, '1:24'],
    [3_723_000, '1:02:03'],
    [-5, '0:00']
  ])('say a moment as a player does: %s', (milliseconds, words) => {
    expect(clock(milliseconds)).toBe(words);
  });
});
