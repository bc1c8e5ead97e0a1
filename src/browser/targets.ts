import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { addressOn, INotebookAddress } from '../common/paths';
import { addressOf } from './actions';
import { titleIn } from '../common/fileNames';
import type { IPlace } from './places';
import type { INotebookRow } from './rows';

/** A notebook that a command is about. */
export interface ITarget extends INotebookAddress {
  /** Empty where it is not known. */
  title: string;
}

/** Where a person is in the page. */
export interface ISurroundings {
  /** The selected rows of the sidebar's list. */
  selected(): INotebookRow[];
  place(): IPlace | null;
  /** The title of a listed notebook; empty where it is not listed. */
  titleOf(shortId: string): string;
  /** Whether the sidebar was the last thing that had the keyboard, of it and the main area. */
  isInList(): boolean;
  /** The path of the document in front; null where there is none. */
  pathInFront(): string | null;
  /** The path of the document whose tab was clicked for a menu; null where none was. */
  pathOfTab(): string | null;
}

/** Finds out which notebooks a command is about: those in its arguments, of a tab, of the list, or the one in front. */
export class Targets {
  constructor(surroundings: ISurroundings) {
    this._around = surroundings;
  }

  of(args: ReadonlyPartialJSONObject): ITarget[] {
    if (typeof args.short_id === 'string') {
      const named = this._named(args.short_id, args);
      return named ? [named] : [];
    }
    if (args.from === 'tab') {
      // Never what is in front: the tab that was pointed at may be no notebook of ours.
      return targetIn(this._around.pathOfTab());
    }
    const listed = this._selected();
    const isInList = args.from === 'list' || this._around.isInList();
    return isInList && listed.length ? listed : targetIn(this._around.pathInFront());
  }

  private _named(shortId: string, args: ReadonlyPartialJSONObject): ITarget | null {
    const place = this._around.place();
    const connection = args.connection ?? place?.connection.name;
    const projectId = args.project_id ?? place?.project.id;
    if (typeof connection !== 'string' || typeof projectId !== 'number') {
      return null;
    }
    const title = typeof args.title === 'string' ? args.title : this._around.titleOf(shortId);
    return { connection, projectId, shortId, title };
  }

  private _selected(): ITarget[] {
    const place = this._around.place();
    const rows = place ? this._around.selected() : [];
    return rows.flatMap(row =>
      place ? [{ ...addressOf(place, row), title: row.title ?? '' }] : []
    );
  }

  private readonly _around: ISurroundings;
}

function targetIn(path: string | null): ITarget[] {
  const address = path ? addressOn(path) : null;
  return address && path ? [{ ...address, title: titleIn(path) }] : [];
}
