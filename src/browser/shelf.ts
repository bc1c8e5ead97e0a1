import { isSameNotebook, INotebookAddress } from '../common/paths';

/** One notebook that this person had something to do with, and when. */
export interface IShelved extends INotebookAddress {
  title: string;
  /** ISO 8601. */
  at: string;
}

/** How many notebooks each shelf holds of all projects together. */
const MOST_SHELVED = 50;

/** Put a notebook on top of a shelf, where it stands once. */
export function put(shelf: readonly IShelved[], notebook: IShelved): IShelved[] {
  return [notebook, ...without(shelf, notebook)].slice(0, MOST_SHELVED);
}

/** Take a notebook off a shelf. */
export function without(shelf: readonly IShelved[], address: INotebookAddress): IShelved[] {
  return shelf.filter(other => !isSameNotebook(other, address));
}

/** Give a notebook on a shelf another title. */
export function retitled(
  shelf: readonly IShelved[],
  address: INotebookAddress,
  title: string
): IShelved[] {
  return shelf.map(other => (isSameNotebook(other, address) ? { ...other, title } : other));
}

/** The notebooks of one project that stand on a shelf. */
export function ofProject(
  shelf: readonly IShelved[],
  connection: string,
  projectId: number
): IShelved[] {
  return shelf.filter(one => one.connection === connection && one.projectId === projectId);
}
