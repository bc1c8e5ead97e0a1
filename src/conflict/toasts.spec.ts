import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';
import { PosthogRequestError } from '../common/request';
import { json, testServer } from '../common/testServer';
import type { IEditsState, INotebookEdits } from '../drive/tokens';
import { FailedSaves } from './failedSaves';
import { TakenBack } from './takenBack';
import type { IToast } from '../common/toasts';

const trans = nullTranslator.load('jupyter_posthog');

/** Toasts as Lab shows them. */
class Shown {
  toasts = new Map<string, IToast>();
  show(key: string, toast: IToast, isNew: boolean): void {
    if (isNew || this.toasts.has(key)) {
      this.toasts.set(key, toast);
    }
  }
  has(key: string): boolean {
    return this.toasts.has(key);
  }
  dismiss(key: string): void {
    this.toasts.delete(key);
  }
  get texts(): string[] {
    return [...this.toasts.values()].map(({ text }) => text);
  }
}

const away = () =>
  new PosthogRequestError({
    message: '',
    reason: 'host_away',
    facts: { host: 'us.posthog.com', cause: 'timeout' },
    status: 503
  });

function watched() {
  const shown = new Shown();
  const changed = new Signal<object, IEditsState>({});
  new FailedSaves(shown, trans).watch({ pageId: 'page-1', changed } as unknown as INotebookEdits);
  const state = (part: Partial<IEditsState>) =>
    changed.emit({ failure: null, isAsked: false, phase: 'saved', ...part } as IEditsState);
  return { shown, state };
}

describe('FailedSaves', () => {
  it('tells autosaves that fail one after the other in one toast, and there that they arrived', () => {
    const { shown, state } = watched();

    state({ failure: away(), phase: 'kept' });
    state({ failure: away(), phase: 'saving' });
    state({ failure: away(), phase: 'kept' });
    expect(shown.texts).toEqual([
      'us.posthog.com does not answer (timeout). Your edits are kept here.'
    ]);
    state({});

    expect(shown.texts).toEqual(['Your edits are in PostHog now.']);
  });

  it('is silent after the person closed it, until the person saves', () => {
    const { shown, state } = watched();
    state({ failure: away(), phase: 'kept' });
    shown.dismiss('page-1');

    state({ failure: away(), phase: 'kept' });
    expect(shown.texts).toEqual([]);
    state({ failure: away(), isAsked: true, phase: 'kept' });

    expect(shown.texts).toHaveLength(1);
  });
});

describe('TakenBack', () => {
  it('puts back with one click what a stale tab took', async () => {
    const { settings, asked } = testServer(() => json({ path: 'p', base_version: 7 }));
    const shown = new Shown();
    const event = { connection: 'env', project_id: 1, short_id: 'aB3', version: 6 };
    new TakenBack({ serverSettings: settings, toasts: shown, trans }).tell({
      ...event,
      by: 'Grace',
      blocks: 2
    });
    expect(shown.texts).toEqual(['The page of Grace took back 2 blocks you had just saved.']);

    [...shown.toasts.values()][0]?.actions?.[0]?.callback();

    await vi.waitFor(() => expect(shown.texts).toEqual(['Your blocks are back.']));
    expect(asked[0]).toMatchObject({ method: 'POST', body: { reverted: true } });
    expect(asked[0]?.url).toContain('posthog/history/env/1/aB3.ipynb');
  });
});
