import { Clipboard, InputDialog } from '@jupyterlab/apputils';
import { linkIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { NOTEBOOK_COMMANDS } from '../../common/commands';
import type { INotebookAddress } from '../../common/paths';
import { PosthogRequestError } from '../../common/request';
import { posthogIcon } from '../icon';
import { pageOf, readReference } from '../reference';
import { projectOf } from '../places';
import type { ITarget } from '../targets';
import { describe, ISidebarContext, NOTEBOOK_ARGS, orExplain } from './context';

const NOTICE_MS = 4_000;

/** Open a notebook: here, by what a person has of it, in PostHog; give its address away. */
export function addOpeningCommands(context: ISidebarContext): void {
  const { app, opener, targets, trans } = context;
  const hasTarget = (args: ReadonlyPartialJSONObject) => targets.of(args).length > 0;
  app.commands.addCommand(NOTEBOOK_COMMANDS.open, {
    label: args => (args.from ? trans.__('Open') : trans.__('Open PostHog Notebook')),
    icon: posthogIcon,
    describedBy: describe(NOTEBOOK_ARGS),
    isEnabled: hasTarget,
    execute: args =>
      orExplain(trans, trans.__('The notebook cannot be opened'), async () => {
        for (const target of targets.of(args)) {
          await opener.open(target);
        }
      })
  });
  app.commands.addCommand(NOTEBOOK_COMMANDS.openReference, {
    label: trans.__('Open PostHog Notebook by Address or Short ID…'),
    icon: linkIcon,
    describedBy: describe({
      reference: { type: 'string', description: 'An address or short id.' }
    }),
    execute: async args => {
      const given = typeof args.reference === 'string' ? args.reference : await ask(context);
      if (given?.trim()) {
        await orExplain(trans, trans.__('The notebook cannot be opened'), async () =>
          opener.open(await addressFor(context, given))
        );
      }
    }
  });
  app.commands.addCommand(NOTEBOOK_COMMANDS.openInPostHog, {
    label: trans.__('Open in PostHog'),
    describedBy: describe(NOTEBOOK_ARGS),
    isEnabled: hasTarget,
    isVisible: args => args.from !== 'tab' || hasTarget(args),
    execute: args =>
      orExplain(trans, trans.__('PostHog cannot be opened'), async () => {
        for (const page of await pagesOf(context, targets.of(args))) {
          window.open(page, '_blank', 'noopener');
        }
      })
  });
  app.commands.addCommand(NOTEBOOK_COMMANDS.copyLink, {
    label: args => (args.from ? trans.__('Copy Link') : trans.__('Copy Link to PostHog Notebook')),
    icon: linkIcon,
    describedBy: describe(NOTEBOOK_ARGS),
    isEnabled: hasTarget,
    isVisible: args => args.from !== 'tab' || hasTarget(args),
    execute: args =>
      orExplain(trans, trans.__('The link cannot be copied'), async () => {
        const pages = await pagesOf(context, targets.of(args));
        Clipboard.copyToSystem(pages.join('\n'));
        const text = trans._n('The link was copied.', '%1 links were copied.', pages.length);
        context.toasts.show('link', { text, type: 'success', autoClose: NOTICE_MS }, true);
      })
  });
}

async function ask({ trans }: ISidebarContext): Promise<string | null> {
  const { value } = await InputDialog.getText({
    title: trans.__('Open PostHog Notebook'),
    label: trans.__('The address of a notebook in PostHog, or its short id'),
    placeholder: 'https://us.posthog.com/project/1/notebooks/aB3dE5gH',
    okLabel: trans.__('Open')
  });
  return value;
}

/** Find where a notebook is that a person named; what they did not say is as the sidebar shows it. */
async function addressFor(context: ISidebarContext, text: string): Promise<INotebookAddress> {
  const reference = readReference(text);
  if (!reference) {
    throw refused('invalid_reference', { reference: text.slice(0, 200) });
  }
  const { model, places } = context;
  const { shortId, origin } = reference;
  const { default: first, connections } = await places.connections();
  const shown = model.state.place ?? context.memory.state.place;
  const fitting = connections.filter(({ host }) => origin === null || host === origin);
  const connection =
    fitting.find(({ name }) => name === shown?.connection.name) ??
    fitting.find(({ name }) => name === first) ??
    fitting[0];
  if (!connection) {
    throw origin
      ? new Error(context.trans.__('No connection leads to %1. Connect to it first.', origin))
      : refused('not_connected', {});
  }
  const isShown = connection.name === shown?.connection.name;
  const projectId =
    reference.projectId ??
    (isShown && shown ? shown.project.id : (await projectOf(places, connection.name)).id);
  return { connection: connection.name, projectId, shortId };
}

/** Return the addresses of notebooks in PostHog's own page. */
async function pagesOf({ places }: ISidebarContext, targets: ITarget[]): Promise<string[]> {
  const { connections } = await places.connections();
  return targets.map(({ connection, projectId, shortId }) => {
    const host = connections.find(({ name }) => name === connection)?.host;
    if (!host) {
      throw refused('unknown_connection', { name: connection });
    }
    return pageOf(host, projectId, shortId);
  });
}

function refused(reason: string, facts: Record<string, string>): PosthogRequestError {
  return new PosthogRequestError({ message: '', reason, facts, status: 0 });
}
