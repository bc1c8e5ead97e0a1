import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { COMPARE_COMMAND } from '../common/commands';
import { isSameNotebook } from '../common/paths';
import { INotebookEdits, INotebookOpener } from '../drive/tokens';
import { ILiveChannel } from '../live/tokens';
import { AlivePages } from './alivePages';
import { ConflictDesk } from './conflictDesk';
import { askAboutConflict } from './conflictDialog';
import { FailedSaves } from './failedSaves';
import { DraftAnswer, FoundDrafts, IFoundDraft } from './foundDrafts';
import { ConflictResolver } from './resolver';
import { TakenBack } from './takenBack';
import { Toasts } from '../common/toasts';

/** Asks and tells about edits that did not arrive: conflicts, drafts of pages that are gone, stale tabs. */
export const conflictPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:conflict',
  description: 'Asks about edits that meet those of others, and brings back what was not saved.',
  autoStart: true,
  requires: [INotebookOpener],
  optional: [ILiveChannel, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    opener: INotebookOpener,
    channel: ILiveChannel | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const { serverSettings } = app.serviceManager;
    const desk = new ConflictDesk(serverSettings);
    const alive = new AlivePages();
    const toasts = new Toasts();
    const failedSaves = new FailedSaves(toasts, trans);
    const tell = (text: string) => void showErrorMessage(trans.__('PostHog'), text);
    const asker = {
      ask: (conflict: Parameters<typeof askAboutConflict>[0]) => askAboutConflict(conflict, trans),
      tell
    };
    const resolver = new ConflictResolver({ desk, opener, asker, trans });
    const drafts = new FoundDrafts({
      serverSettings,
      alive: () => alive.ids(),
      ask: draft => askAboutDraft(draft, trans),
      putBack: (edits, draftId) => resolver.putBack(edits, draftId),
      putAside: draftId => desk.takeTheirs(draftId)
    });
    opener.edits.opened.connect((_: unknown, edits: INotebookEdits) => {
      const membership = alive.join(edits.pageId);
      edits.disposed.connect(() => membership.dispose());
      edits.conflictMet.connect(() => void resolver.resolve(edits));
      failedSaves.watch(edits);
      // The drafts stay on the server, and are offered at the next opening.
      drafts.offer(edits).catch((error: unknown) => console.warn('No drafts found.', error));
    });
    const takenBack = new TakenBack({ serverSettings, toasts, trans });
    channel?.reverted.connect((_: unknown, event) => {
      const address = {
        connection: event.connection,
        projectId: event.project_id,
        shortId: event.short_id
      };
      if (opener.edits.open.some(one => one.address && isSameNotebook(one.address, address))) {
        takenBack.tell(event);
      }
    });
    app.commands.addCommand(COMPARE_COMMAND, {
      label: trans.__('Compare My Edits with PostHog'),
      describedBy: { args: { type: 'object', properties: { path: { type: 'string' } } } },
      execute: async args => {
        const edits = opener.edits.of(String(args.path ?? ''));
        if (edits) {
          await resolver.resolve(edits);
        }
      }
    });
  }
};

async function askAboutDraft(draft: IFoundDraft, trans: TranslationBundle): Promise<DraftAnswer> {
  const { button } = await showDialog({
    title: trans.__('Edits that were not saved'),
    body: trans.__(
      'Edits to this notebook from %1 are kept here and are not in PostHog. Put them back?',
      new Date(draft.saved_at).toLocaleString()
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Later'), actions: ['later'] }),
      Dialog.createButton({ label: trans.__('Put aside'), accept: true, actions: ['put_aside'] }),
      Dialog.okButton({ label: trans.__('Put them back'), actions: ['put_back'] })
    ]
  });
  return (button.actions[0] as DraftAnswer | undefined) ?? 'later';
}
