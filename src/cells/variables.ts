import { ServerConnection } from '@jupyterlab/services';
import { urlPath, INotebookAddress } from '../common/paths';
import { request } from '../common/request';

/** The types that PostHog knows (posthog-api.md 6.3). */
export const VARIABLE_TYPES = ['string', 'number', 'boolean', 'date'] as const;
export type VariableType = (typeof VARIABLE_TYPES)[number];

/** One variable of a notebook. */
export interface IVariable {
  name: string;
  type: string;
  value: string | number | boolean;
}

/** A variable as a person types it. */
export interface IVariableDraft {
  name: string;
  type: string;
  text: string;
}

/** What PostHog keeps; servers before September 2026 keep none. */
export interface IKeptVariables {
  variables: IVariable[];
  is_served: boolean;
}

/** Ask for the variables of a notebook. */
export function fetchVariables(
  settings: ServerConnection.ISettings,
  address: INotebookAddress
): Promise<IKeptVariables> {
  return request(settings, pathOf(address));
}

/** Store a whole list in the place of what is there. */
export function storeVariables(
  settings: ServerConnection.ISettings,
  address: INotebookAddress,
  variables: unknown[]
): Promise<IKeptVariables> {
  return request(settings, pathOf(address), {
    method: 'PUT',
    body: JSON.stringify({ variables })
  });
}

export function draftOf({ name, type, value }: IVariable): IVariableDraft {
  return { name, type, text: String(value) };
}

/** Return what a person typed as its type has it; what does not fit stays text, and the server says so. */
export function variableOf({ name, type, text }: IVariableDraft): IVariable {
  const [trimmed, typed] = [name.trim(), text.trim()];
  if (type === 'number' && typed !== '' && Number.isFinite(Number(typed))) {
    return { name: trimmed, type, value: Number(typed) };
  }
  if (type === 'boolean' && (typed === 'true' || typed === 'false')) {
    return { name: trimmed, type, value: typed === 'true' };
  }
  return { name: trimmed, type, value: type === 'date' ? typed : text };
}

function pathOf(address: INotebookAddress): string {
  return `posthog/variables/${urlPath(address)}`;
}
