import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PosthogRequestError } from '../common/request';
import type { ISidebarActions } from './actions';
import { SidebarMemory } from './memory';
import { BrowserModel } from './model';
import type { IListPage } from './pages';
import { Refreshing } from './refreshing';
import { SelectionModel } from './selection';
import { SidebarWidget } from './widget';

// Lab's buttons of its own draw themselves, which this page cannot; the sidebar has none of them.
vi.mock('@jupyter/react-components', () => ({ Button: 'button', Search: 'input', Toolbar: 'div' }));
vi.mock('@jupyter/web-components', () => ({
  addJupyterLabThemeChangeListener: () => undefined,
  jpButton: () => undefined,
  jpToolbar: () => undefined,
  provideJupyterDesignSystem: () => ({ register: () => undefined })
}));

const PLACE = {
  connection: { name: 'box', host: 'http://127.0.0.1:1' },
  project: { id: 1, name: 'Web app', organization: 'Acme' }
};

function sidebar(answer: () => Promise<IListPage>) {
  const page = vi.fn(answer);
  const model = new BrowserModel({
    list: { page },
    places: {
      connections: async () => ({ default: 'box', connections: [PLACE.connection] }),
      projects: async () => ({ default_project_id: 1, projects: [PLACE.project] })
    },
    pageSize: 100,
    searchDelayMs: 300
  });
  const actions = { refresh: () => void model.refresh() } as ISidebarActions;
  let isBegun = false;
  const ask = async () => {
    await (isBegun ? model.refresh() : model.start(PLACE));
    isBegun = true;
  };
  const widget = new SidebarWidget({
    props: {
      model,
      selection: new SelectionModel(),
      memory: new SidebarMemory(null),
      marks: {
        isOpen: ({ shortId }) => shortId === 'n0',
        isRunning: ({ shortId }) => shortId === 'n1'
      },
      actions,
      trans: nullTranslator.load('jupyter_posthog')
    },
    refreshing: new Refreshing({ ask, intervalMs: 60_000 })
  });
  widget.hide();
  Widget.attach(widget, document.body);
  MessageLoop.flush();
  return { widget, page };
}

/** Let React and Lumino do their work, which waits for messages and for clocks. */
async function settle(): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await vi.advanceTimersByTimeAsync(5);
    await new Promise(done => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });
  }
}

describe('SidebarWidget', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    // What the page of these tests lacks.
    vi.stubGlobal('requestIdleCallback', (callback: () => void) => setTimeout(callback, 0));
    Object.defineProperty(Element.prototype, 'dataset', { get: () => ({}), configurable: true });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('asks nothing and waits for nothing until it is shown', async () => {
    const { widget, page } = sidebar(async () => ({ count: 0, results: [] }));
    await settle();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(page).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);

    widget.show();
    await settle();

    expect(page).toHaveBeenCalledTimes(1);
    expect(widget.node.textContent).toContain('No notebooks in this project yet.');
    widget.dispose();
  });

  it('leaves no timer behind when it is hidden, also in the middle of a countdown', async () => {
    const pause = { message: '', reason: 'rate_limited', facts: { wait_s: 30 }, status: 429 };
    const { widget, page } = sidebar(() => Promise.reject(new PosthogRequestError(pause)));
    widget.show();
    await settle();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(widget.node.textContent).toContain('Going on in 28 s.');

    widget.hide();
    await settle();

    expect(vi.getTimerCount()).toBe(0);
    const calls = page.mock.calls.length;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(page).toHaveBeenCalledTimes(calls);
    expect(vi.getTimerCount()).toBe(0);
    widget.dispose();
  });

  it('asks once when a countdown is over', async () => {
    const pause = { message: '', reason: 'rate_limited', facts: { wait_s: 3 }, status: 429 };
    const answers = [() => Promise.reject(new PosthogRequestError(pause))];
    const unanswered = () => new Promise<IListPage>(() => undefined);
    const { widget, page } = sidebar(() => (answers.shift() ?? unanswered)());
    widget.show();
    await settle();
    for (let second = 0; second < 6; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      await settle();
    }

    expect(page).toHaveBeenCalledTimes(2);
    widget.dispose();
  });

  it('draws only the rows in view of a list of ten thousand, with their marks', async () => {
    const row = (short_id: string) => ({
      short_id,
      title: short_id,
      created_at: '',
      created_by: null,
      last_modified_at: '',
      last_modified_by: null,
      user_access_level: short_id === 'n2' ? 'viewer' : 'editor'
    });
    const results = Array.from({ length: 100 }, (_, number) => row(`n${number}`));
    const { widget } = sidebar(async () => ({ count: 10_000, results }));
    widget.show();
    await settle();

    const options = widget.node.querySelectorAll('[role=option]');
    expect(options.length).toBeGreaterThan(10);
    expect(options.length).toBeLessThan(100);
    expect(options[0]?.getAttribute('aria-setsize')).toBe('10000');
    const marks = [0, 1, 2, 3].map(
      place => options[place]?.querySelector('.jp-PosthogRow-mark')?.getAttribute('title') ?? ''
    );
    expect(marks).toEqual([
      'Open in this page',
      'Its kernel in PostHog is running',
      'You may only look at it',
      ''
    ]);
    widget.dispose();
  });
});
