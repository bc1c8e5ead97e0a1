import type { ICellModel } from '@jupyterlab/cells';
import type { PartialJSONObject } from '@lumino/coreutils';
import { DEFAULT_NAMES, readMagic, renaming } from './magicLine';

/** What a code cell says about itself, beside its code. */
export interface ICellNames {
  language: 'python' | 'hogql' | 'duckdb';
  /** Empty where there is none. */
  title: string;
  /** The name of its result; null for PostHog's own name, empty where the result is only shown. */
  name: string | null;
  /** PostHog's own name for it. */
  defaultName: string;
}

/** Read what a cell says about itself: the first line is the truth for SQL, metadata for Python (design.md §4). */
export function namesOf(model: ICellModel): ICellNames {
  const own = ownMetadata(model);
  const title = typeof own.title === 'string' ? own.title : '';
  const magic = readMagic(model.sharedModel.getSource());
  if (magic) {
    const { language, name } = magic;
    return { language, title, name, defaultName: DEFAULT_NAMES[language] };
  }
  const name = typeof own.return_variable === 'string' ? own.return_variable : null;
  return { language: 'python', title, name, defaultName: DEFAULT_NAMES.python };
}

/** The names under which the code cells of a notebook keep their results, each once. */
export function frameNames(models: Iterable<ICellModel>): string[] {
  const found = new Set<string>();
  for (const model of models) {
    if (model.type === 'code' && model.sharedModel.getSource().trim()) {
      const { name, defaultName } = namesOf(model);
      found.add(name ?? defaultName);
    }
  }
  found.delete('');
  return [...found];
}

/** Give a cell another title; an empty one is none. */
export function setTitle(model: ICellModel, title: string): void {
  setOwn(model, 'title', title === '' ? undefined : title);
}

/** Give a cell's result another name, where the design keeps it; null for PostHog's own name. */
export function setResultName(model: ICellModel, name: string | null): void {
  const magic = readMagic(model.sharedModel.getSource());
  if (!magic) {
    setOwn(model, 'return_variable', name ?? undefined);
    return;
  }
  const { start, end, text } = renaming(magic, name);
  model.sharedModel.updateSource(start, end, text);
}

/** PostHog's id of a cell, else Jupyter's, as the server reads it. */
export function nodeIdOf(model: ICellModel): string {
  const { node_id: nodeId } = ownMetadata(model);
  return typeof nodeId === 'string' && nodeId ? nodeId : model.id;
}

/** Our part of a cell's metadata. */
export function ownMetadata(model: ICellModel): PartialJSONObject {
  const own: unknown = model.getMetadata('posthog');
  return typeof own === 'object' && own !== null && !Array.isArray(own)
    ? (own as PartialJSONObject)
    : {};
}

function setOwn(model: ICellModel, name: string, value: string | undefined): void {
  const { [name]: had, ...rest } = ownMetadata(model);
  if (had !== value) {
    model.setMetadata('posthog', value === undefined ? rest : { ...rest, [name]: value });
  }
}
