import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';
import { PosthogRequestError } from '../common/request';
import { json, testServer } from '../common/testServer';
import type { IOpenNotebook } from './apply';
import type { ICell } from './cells';
import { DraftPoster } from './draftPoster';
import { PageEdits } from './edits';
import { Revisions } from './revisions';

const PATH = 'posthog:env/1/Funnel [aB3].ipynb';

const cell = (source: string): ICell => ({ id: 'a', cell_type: 'markdown', source, metadata: {} });
const content = (source: string) => ({ cells: [cell(source)], metadata: {} });
const refusal = (reason: string, facts = {}) =>
  new PosthogRequestError({ message: reason, reason, facts, status: 409 });
const CHANGE = { cell_id: 'a', cell_number: 1, kind: 'edited' };

/** A page with one cell, and a server that keeps its drafts. */
function page(options: { autosave?: 'posthog' | 'draft'; isWritable?: boolean } = {}) {
  const contentChanged = new Signal<object, void>({});
  const shown = { source: 'One', base: 3 as number | null, stored: 'One', version: 3 };
  const answers = { changes: [CHANGE] as unknown[] | null };
  const { settings, asked } = testServer(({ method }) =>
    json(method === 'DELETE' ? null : { id: 'd1', problem: '', refusal: null, ...answers })
  );
  const set = (text: string) => {
    shown.source = text;
    contentChanged.emit();
  };
  const cells = {
    get cells() {
      return [
        {
          id: 'a',
          type: 'markdown',
          get source() {
            return shown.source;
          },
          set source(text: string) {
            set(text);
          },
          setPosthog: () => undefined,
          takeOutputs: () => undefined
        }
      ];
    },
    insert: vi.fn(),
    remove: vi.fn(),
    move: vi.fn(),
    setPosthog: () => undefined
  } as IOpenNotebook;
  const revisions = new Revisions(contentChanged);
  const drafts = new DraftPoster({
    serverSettings: settings,
    pageId: 'page-1',
    idleMs: 1_000_000,
    source: {
      path: PATH,
      isDirty: () => true,
      content: () => content(shown.source),
      revision: () => revisions.current,
      baseVersion: () => shown.base
    }
  });
  const source = {
    path: PATH,
    isWritable: options.isWritable ?? true,
    ready: Promise.resolve(),
    dirty: false,
    content: () => content(shown.source),
    cells: () => cells,
    save: vi.fn().mockResolvedValue(undefined),
    revert: vi.fn().mockResolvedValue(undefined),
    endSave: vi.fn(),
    ignoring: <T>(action: () => T) => revisions.ignoring(action)
  };
  const drive = {
    baseVersion: () => shown.base,
    fetchStored: vi.fn(() =>
      Promise.resolve({ content: content(shown.stored), base_version: shown.version } as never)
    ),
    moveBase: (_: string, version: number | null) => {
      shown.base = version;
    }
  };
  const edits = new PageEdits({
    source,
    drive,
    drafts,
    revisions,
    pageId: 'page-1',
    isAutosaveToPostHog: () => options.autosave !== 'draft'
  });
  const met = vi.fn();
  edits.conflictMet.connect(met);
  return { edits, source, drive, shown, answers, asked, met, type: set };
}

describe('PageEdits', () => {
  it('tells how many cells a save would change, and drops a draft that holds nothing', async () => {
    const { edits, answers, asked, type } = page();
    type('Two');
    await edits.keep();
    expect(edits.state).toMatchObject({ phase: 'edited', changes: [CHANGE] });

    answers.changes = [];
    type('One');
    await edits.keep();

    expect(edits.state.phase).toBe('saved');
    expect(asked.at(-1)?.method).toBe('DELETE');
  });

  it('is saved once everything that was sent is there, and edited where more was typed', async () => {
    const { edits, type } = page();
    type('Two');
    await edits.keep();
    await edits.willSave();
    expect(edits.state.phase).toBe('saving');
    type('Two, and more');
    edits.didSave();
    expect(edits.state.phase).toBe('edited');

    await edits.willSave();
    edits.didSave();

    expect(edits.state.phase).toBe('saved');
  });

  it('sends one save after the other, the second with what the first has shown', async () => {
    const { edits, shown } = page();
    expect(await edits.willSave()).toBeUndefined();
    const second = edits.willSave();
    shown.source = 'One, as PostHog stores it';
    edits.didSave();

    expect(await second).toEqual(content('One, as PostHog stores it'));
  });

  it('asks about a conflict once, and autosaves wait until others save again', async () => {
    const { edits, met, asked, type } = page();
    type('Mine');
    await edits.willSave();
    edits.refused(refusal('save_conflict', { stored_version: 5, editor: 'Grace' }));
    expect(edits.state).toMatchObject({ phase: 'conflict', conflict: { by: 'Grace' } });
    expect(met).toHaveBeenCalledTimes(1);

    await expect(edits.willSave()).rejects.toMatchObject({ name: 'ModalCancelError' });
    expect(asked.at(-1)?.url).toContain('posthog/drafts');
    edits.retryAfter(5);
    await expect(edits.willSave()).rejects.toMatchObject({ name: 'ModalCancelError' });
    edits.retryAfter(6);
    await edits.willSave();
    edits.refused(refusal('save_conflict', { stored_version: 6 }));

    expect(met).toHaveBeenCalledTimes(1);
  });

  it('asks again when a person saves', async () => {
    const { edits, met, type } = page();
    type('Mine');
    await edits.willSave();
    edits.refused(refusal('save_conflict', { stored_version: 5 }));

    edits.markManual();
    await edits.willSave();
    edits.refused(refusal('save_conflict', { stored_version: 5 }));

    expect(met).toHaveBeenCalledTimes(2);
  });

  it.each(['host_away', 'server_failed', 'rate_limited', 'not_posthog', 'access_denied'])(
    'keeps Lab’s error dialog closed for %s',
    async reason => {
      const { edits, type } = page();
      type('Mine');
      await edits.willSave();

      expect(edits.refused(refusal(reason)).name).toBe('ModalCancelError');
      expect(edits.state).toMatchObject({ phase: 'kept', failure: { reason } });
    }
  );

  it('goes on from what was kept once it has arrived, with what was typed since', async () => {
    const { edits, source, shown, type } = page();
    type('Mine');
    await edits.willSave();
    edits.refused(refusal('host_away'));
    await edits.keep();
    type('Mine, and more');
    Object.assign(shown, { stored: 'Mine', version: 4 });

    await edits.redelivered();

    expect(shown).toMatchObject({ source: 'Mine, and more', base: 4 });
    expect(source.dirty).toBe(true);
    expect(source.save).not.toHaveBeenCalled();
  });

  it('saves once more where what arrived was merged with others’ edits', async () => {
    const { edits, source, shown, type } = page();
    await edits.redelivered();
    expect(source.save).not.toHaveBeenCalled();
    type('Mine');
    await edits.willSave();
    edits.refused(refusal('host_away'));
    Object.assign(shown, { stored: 'Mine, and Grace’s', version: 5 });

    await edits.redelivered();

    expect(source.save).toHaveBeenCalledTimes(1);
    expect(shown.base).toBe(3);
  });

  it('takes a change of others in place where nothing was typed', async () => {
    const { edits, source, shown } = page();
    Object.assign(shown, { stored: 'One, by Grace', version: 4 });

    expect(await edits.takeStored()).toBe(true);

    expect(shown).toMatchObject({ source: 'One, by Grace', base: 4 });
    expect(source.dirty).toBe(false);
    expect(edits.state.phase).toBe('saved');
  });

  it('takes it too where a kernel changed the notebook and nobody typed', async () => {
    const { edits, shown, answers, type } = page();
    Object.assign(shown, { stored: 'One, by Grace', version: 4 });
    type('One');
    answers.changes = [];

    expect(await edits.takeStored()).toBe(true);

    expect(shown.source).toBe('One, by Grace');
  });

  it('leaves what was typed, before the fetch or during it', async () => {
    const { edits, drive, shown, type } = page();
    Object.assign(shown, { stored: 'One, by Grace', version: 4 });
    drive.fetchStored.mockImplementationOnce(async () => {
      type('One, mine');
      return { content: content('One, by Grace'), base_version: 4 } as never;
    });

    expect(await edits.takeStored()).toBe(false);
    expect(await edits.takeStored()).toBe(false);

    expect(shown).toMatchObject({ source: 'One, mine', base: 3 });
    expect(drive.fetchStored).toHaveBeenCalledTimes(1);
  });

  it('shows the outcome of a conflict, and keeps what was typed since', async () => {
    const { edits, source, shown, type } = page();
    type('Mine');
    const kept = await edits.keep();
    type('Mine\n\nand more');

    if (kept) {
      edits.resolved(kept, content('Both'), 6);
    }

    expect(shown).toMatchObject({ source: 'Mine\n\nand more', base: 3 });
    expect(source.dirty).toBe(true);
  });

  it('keeps the draft alone where autosaves should not go to PostHog', async () => {
    const { edits, asked, source, type } = page({ autosave: 'draft' });
    type('Mine');

    await expect(edits.willSave()).rejects.toMatchObject({ name: 'ModalCancelError' });
    expect(source.endSave).toHaveBeenCalledWith('completed');
    expect(asked.at(-1)?.body).toMatchObject({ page_id: 'page-1' });
    edits.markManual();
    await edits.willSave();

    expect(edits.state.phase).toBe('saving');
  });

  it('is view only where a person may not write, whatever was typed', async () => {
    const { edits, type } = page({ isWritable: false });
    type('Mine');
    await edits.keep();

    expect(edits.state).toMatchObject({ phase: 'view_only', changes: [CHANGE] });
  });
});
