import { InputDialog } from '@jupyterlab/apputils';
import { copyIcon, editIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { NOTEBOOK_COMMANDS, SIDEBAR_COMMANDS } from '../../common/commands';
import { posthogIcon } from '../icon';
import { firstPlace } from '../places';
import type { ITarget } from '../targets';
import { titleOr } from '../words';
import { describe, ISidebarContext, NOTEBOOK_ARGS, orExplain } from './context';

/** Make a notebook, give it another title, make a copy of it. */
export function addChangingCommands(context: ISidebarContext): void {
  const { app, model, opener, targets, trans } = context;
  const isOne = (args: ReadonlyPartialJSONObject) => targets.of(args).length === 1;
  app.commands.addCommand(NOTEBOOK_COMMANDS.create, {
    label: args =>
      args.is_short ? trans.__('PostHog Notebook') : trans.__('New PostHog Notebook'),
    caption: trans.__('Create a notebook in PostHog'),
    icon: posthogIcon,
    describedBy: describe({ is_short: { type: 'boolean', description: 'Under a heading.' } }),
    execute: () =>
      orExplain(trans, trans.__('The notebook cannot be created'), async () => {
        const place = model.state.place ?? context.memory.state.place;
        const { connection, project } = place ?? (await firstPlace(context.places));
        await opener.create(connection.name, project.id);
        await app.commands.execute(SIDEBAR_COMMANDS.refresh);
      })
  });
  app.commands.addCommand(NOTEBOOK_COMMANDS.rename, {
    label: args => (args.from ? trans.__('Rename') : trans.__('Rename PostHog Notebook…')),
    icon: editIcon,
    describedBy: describe({
      ...NOTEBOOK_ARGS,
      new_title: {
        type: 'string',
        description: 'The title to give; asked for where none is given.'
      }
    }),
    isEnabled: isOne,
    isVisible: args => args.from !== 'tab' || isOne(args),
    execute: async args => {
      const [target] = targets.of(args);
      if (target) {
        await rename(context, target, args);
      }
    }
  });
  app.commands.addCommand(NOTEBOOK_COMMANDS.duplicate, {
    label: args => (args.from ? trans.__('Duplicate') : trans.__('Duplicate PostHog Notebook')),
    icon: copyIcon,
    describedBy: describe(NOTEBOOK_ARGS),
    isEnabled: isOne,
    isVisible: args => args.from !== 'tab' || isOne(args),
    execute: args =>
      orExplain(trans, trans.__('The notebook cannot be duplicated'), async () => {
        const [target] = targets.of(args);
        if (target) {
          const copy = await context.notebooks.duplicate(target);
          await model.refresh();
          await opener.open(copy);
        }
      })
  });
}

async function rename(
  context: ISidebarContext,
  target: ITarget,
  args: ReadonlyPartialJSONObject
): Promise<void> {
  const { model, notebooks, panel, trans } = context;
  const isNamed = typeof args.new_title === 'string';
  const isListed = model.state.rows.some(row => row?.short_id === target.shortId);
  if (!isNamed && args.from !== 'tab' && isListed && panel.isVisible) {
    panel.rename(target.shortId);
    return;
  }
  const title = isNamed ? String(args.new_title) : await askForTitle(context, target);
  if (title !== null && title !== target.title) {
    await orExplain(trans, trans.__('The notebook cannot be renamed'), () =>
      notebooks.rename(target, title)
    );
  }
}

async function askForTitle({ trans }: ISidebarContext, target: ITarget): Promise<string | null> {
  const { value } = await InputDialog.getText({
    title: trans.__('Rename “%1”', titleOr(trans, target.title)),
    label: trans.__('New title'),
    text: target.title,
    okLabel: trans.__('Rename')
  });
  return value === null ? null : value.trim();
}
