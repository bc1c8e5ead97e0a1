import type { IFilters } from '../filters';
import { EVERYTHING } from '../filters';
import { CONNECTION_COMMANDS, SIDEBAR_COMMANDS } from '../../common/commands';
import { projectOf } from '../places';
import { PANEL_ID } from '../widget';
import { describe, ISidebarContext, orExplain } from './context';

/** Show the sidebar, search in it, look again, choose what it shows. */
export function addSidebarCommands(context: ISidebarContext): void {
  const { app, model, panel, trans } = context;
  app.commands.addCommand(SIDEBAR_COMMANDS.show, {
    label: trans.__('Show PostHog Notebooks'),
    describedBy: describe(),
    execute: () => app.shell.activateById(PANEL_ID)
  });
  app.commands.addCommand(SIDEBAR_COMMANDS.search, {
    label: trans.__('Search PostHog Notebooks'),
    describedBy: describe(),
    execute: () => {
      app.shell.activateById(PANEL_ID);
      panel.focusSearch();
    }
  });
  app.commands.addCommand(SIDEBAR_COMMANDS.refresh, {
    label: trans.__('Refresh the List of PostHog Notebooks'),
    describedBy: describe(),
    execute: () => model.refresh()
  });
  app.commands.addCommand(SIDEBAR_COMMANDS.filter, {
    label: args => String(args.label ?? trans.__('Filter PostHog Notebooks')),
    describedBy: describe({
      label: { type: 'string' },
      filters: { type: 'object', description: 'Which filters change, and to what.' },
      is_hint: { type: 'boolean', description: 'Only to be read.' }
    }),
    isEnabled: args => args.is_hint !== true,
    isToggled: args => isOn(model.state.filters, args.filters as Partial<IFilters> | undefined),
    execute: args => model.filter((args.filters as Partial<IFilters> | undefined) ?? {})
  });
  addPlaceCommands(context);
}

function addPlaceCommands({ app, model, places, trans }: ISidebarContext): void {
  app.commands.addCommand(SIDEBAR_COMMANDS.goTo, {
    label: args => String(args.label ?? trans.__('Choose a PostHog Project')),
    describedBy: describe(
      {
        connection: { type: 'string' },
        host: { type: 'string' },
        project: { type: 'object', description: 'Its id, name and organization; else the first.' },
        label: { type: 'string' },
        is_hint: { type: 'boolean', description: 'Only to be read.' }
      },
      ['connection']
    ),
    isEnabled: args => typeof args.connection === 'string' && args.is_hint !== true,
    isToggled: args => {
      const { place } = model.state;
      const { id } = (args.project as { id?: number } | undefined) ?? {};
      return place?.connection.name === args.connection && place?.project.id === id;
    },
    execute: args =>
      orExplain(trans, trans.__('The project cannot be shown'), async () => {
        const name = String(args.connection);
        const found = await places.connections();
        const host = found.connections.find(other => other.name === name)?.host ?? '';
        const named = args.project as
          { id: number; name?: string; organization?: string } | undefined;
        const project = named
          ? { name: '', organization: '', ...named }
          : await projectOf(places, name);
        await model.goTo({ connection: { name, host }, project });
      })
  });
  app.commands.addCommand(SIDEBAR_COMMANDS.connectAnother, {
    label: trans.__('New Connection…'),
    describedBy: describe(),
    isEnabled: () => app.commands.hasCommand(CONNECTION_COMMANDS.connect),
    execute: async () => {
      const before = await places.connections().catch(() => null);
      await app.commands.execute(CONNECTION_COMMANDS.connect);
      const after = await places.connections().catch(() => null);
      const known = before?.connections.map(({ name }) => name) ?? [];
      const added = after?.connections.find(({ name }) => !known.includes(name));
      if (added && before?.connections.length) {
        await app.commands.execute(SIDEBAR_COMMANDS.goTo, { connection: added.name });
      }
    }
  });
}

function isOn(filters: IFilters, change: Partial<IFilters> | undefined): boolean {
  const names = Object.keys(change ?? {}) as (keyof IFilters)[];
  return (
    names.length > 0 &&
    names.every(
      name => JSON.stringify(filters[name]) === JSON.stringify({ ...EVERYTHING, ...change }[name])
    )
  );
}
