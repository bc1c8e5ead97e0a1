import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { SIDEBAR_COMMANDS } from '../common/commands';
import { sentence } from '../common/messages';
import { BLOCK_KINDS, IFilters, Since, SortField } from './filters';
import { MenuLine, openMenuBelow } from './menus';
import type { BrowserModel } from './model';
import { IConnection, IPlaceDesk, IProject, placeName } from './places';
import { authorsOf, nameOf } from './rows';
import { blockKinds, moments, orders } from './words';

/** How long the menu of projects waits for a connection that does not answer. */
const WAIT_MS = 3_000;

/** The menus below the buttons of the sidebar. */
export class Choosers {
  constructor(options: {
    commands: JupyterFrontEnd['commands'];
    model: BrowserModel;
    places: IPlaceDesk;
    trans: TranslationBundle;
  }) {
    this._commands = options.commands;
    this._model = options.model;
    this._places = options.places;
    this._trans = options.trans;
  }

  /** Choose among the projects that the connections of this server see. */
  async place(anchor: HTMLElement): Promise<void> {
    const { connections } = await this._places
      .connections()
      .catch(() => ({ connections: [] as IConnection[] }));
    const lines = await Promise.all(connections.map(one => this._projectLines(one)));
    const another = { command: SIDEBAR_COMMANDS.connectAnother, args: {} };
    if (anchor.isConnected) {
      openMenuBelow(anchor, this._commands, [...lines.flat(), 'separator', another]);
    }
  }

  author(anchor: HTMLElement): void {
    const chosen = this._model.state.filters.author;
    const authors = authorsOf(this._model.state.rows).map(person => ({
      uuid: person.uuid ?? '',
      name: nameOf(person)
    }));
    const isListed = !chosen || authors.some(({ uuid }) => uuid === chosen.uuid);
    const all = isListed ? authors : [chosen, ...authors];
    this._open(anchor, [
      this._line(this._trans.__('Any author'), { author: null }),
      ...all.map(author => this._line(author.name, { author, isMine: false })),
      this._hint(this._trans.__('People appear here as the list shows notebooks of theirs'))
    ]);
  }

  since(anchor: HTMLElement): void {
    const words = moments(this._trans);
    this._open(anchor, [
      this._line(this._trans.__('Any time'), { since: null }),
      ...(Object.keys(words) as Since[]).map(since => this._line(words[since], { since }))
    ]);
  }

  contains(anchor: HTMLElement): void {
    const words = blockKinds(this._trans);
    this._open(anchor, [
      this._line(this._trans.__('Anything'), { contains: null }),
      ...BLOCK_KINDS.map(kind => this._line(words[kind] ?? kind, { contains: kind })),
      this._hint(this._trans.__('PostHog does not look into Markdown notebooks'))
    ]);
  }

  sort(anchor: HTMLElement): void {
    const words = orders(this._trans);
    const { sort: current, isDescending } = this._model.state.filters;
    const isTitle = current === 'title';
    this._open(anchor, [
      ...(Object.keys(words) as SortField[]).map(sort =>
        // Names are looked up from A on, moments from the newest.
        this._line(words[sort], {
          sort,
          isDescending: sort === current ? isDescending : sort !== 'title'
        })
      ),
      'separator',
      this._line(isTitle ? this._trans.__('Z to A') : this._trans.__('Newest first'), {
        isDescending: true
      }),
      this._line(isTitle ? this._trans.__('A to Z') : this._trans.__('Oldest first'), {
        isDescending: false
      })
    ]);
  }

  private async _projectLines(connection: IConnection): Promise<MenuLine[]> {
    const { name, host } = connection;
    const command = SIDEBAR_COMMANDS.goTo;
    const line = (label: string, more: ReadonlyJSONObject): MenuLine => ({
      command,
      args: { connection: name, host, label, ...more }
    });
    try {
      const projects = await within(this._places.projects(name), WAIT_MS);
      return projects.projects.map((project: IProject) =>
        line(placeName({ connection, project }), { project: { ...project } })
      );
    } catch (error) {
      const why =
        error === TOO_LATE ? this._trans.__('does not answer yet') : sentence(this._trans, error);
      return [line(`${name} · ${why}`, error === TOO_LATE ? {} : { is_hint: true })];
    }
  }

  private _line(label: string, filters: Partial<IFilters>): MenuLine {
    const args = { label, filters: filters as ReadonlyJSONObject };
    return { command: SIDEBAR_COMMANDS.filter, args };
  }

  private _hint(label: string): MenuLine {
    return { command: SIDEBAR_COMMANDS.filter, args: { label, is_hint: true } };
  }

  private _open(anchor: HTMLElement, lines: MenuLine[]): void {
    const hint = lines.findIndex(line => line !== 'separator' && line.args.is_hint === true);
    const split: MenuLine[] =
      hint < 0 ? lines : [...lines.slice(0, hint), 'separator', ...lines.slice(hint)];
    openMenuBelow(anchor, this._commands, split);
  }

  private readonly _commands: JupyterFrontEnd['commands'];
  private readonly _model: BrowserModel;
  private readonly _places: IPlaceDesk;
  private readonly _trans: TranslationBundle;
}

const TOO_LATE = Symbol('too late');

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(TOO_LATE), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
