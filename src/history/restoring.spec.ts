import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it, vi } from 'vitest';
import type { IToast } from '../common/toasts';
import type { IEditedNotebooks, INotebookEdits } from '../drive/tokens';
import type { IHistoryDesk, Moment } from './desk';
import { HistoryModel } from './model';
import { restore } from './restoring';

const ADDRESS = { connection: 'env', projectId: 1, shortId: 'aB3dE5gH' };
const OLD: Moment = { kind: 'version', version: 2 };
const trans = nullTranslator.load('jupyter_posthog');

function scene(phase: string, phaseAfterSave = phase) {
  const deeds: string[] = [];
  const state = { phase };
  const edits = {
    address: ADDRESS,
    state,
    save: async () => {
      deeds.push('save');
      state.phase = phaseAfterSave;
    },
    takeStored: async () => {
      deeds.push('show');
      return true;
    }
  } as unknown as INotebookEdits;
  const desk: IHistoryDesk = {
    history: async () => ({
      versions: [],
      activity: { entries: [], count: 0, refusal: null }
    }),
    old: async () => ({ content: {}, differences: [] }),
    restore: async (_, moment) => {
      deeds.push(`restore ${JSON.stringify(moment)}`);
      return { path: 'p', base_version: 8, replaced_version: 7 };
    }
  };
  const told: string[] = [];
  const toasts: IToast[] = [];
  const options = {
    edits: { open: [edits] } as unknown as IEditedNotebooks,
    tell: (text: string) => void told.push(text),
    toasts: { show: (_: string, toast: IToast) => void toasts.push(toast) },
    trans
  };
  return { deeds, told, toasts, options, model: new HistoryModel(ADDRESS, desk) };
}

describe('a restore', () => {
  it('saves the edits of the open notebook first and then shows what was restored', async () => {
    const { model, deeds, options } = scene('edited', 'saved');

    await restore(model, OLD, options);

    expect(deeds).toEqual(['save', 'restore {"kind":"version","version":2}', 'show']);
  });

  it('does nothing where these edits cannot be saved', async () => {
    const { model, deeds, told, options } = scene('edited', 'conflict');

    await restore(model, OLD, options);

    expect(deeds).toEqual(['save']);
    expect(told[0]).toContain('nothing was restored');
  });

  it('can be undone by one click', async () => {
    const { model, deeds, toasts, options } = scene('saved');
    await restore(model, OLD, options);
    deeds.length = 0;

    toasts[0]?.actions?.[0]?.callback();
    await vi.waitFor(() => expect(deeds).toContain('show'));

    expect(deeds).toEqual(['save', 'restore {"kind":"version","version":7}', 'show']);
  });
});
