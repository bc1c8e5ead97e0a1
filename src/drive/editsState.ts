import type { IEditsState } from './tokens';

/** The state without what follows from it. */
export type IEditsFacts = Omit<IEditsState, 'phase'>;

/** PostHog has everything. */
export const NOTHING: IEditsFacts = {
  changes: [],
  refusal: '',
  failure: null,
  isAsked: false,
  conflict: null,
  problem: ''
};

/** Where the edits are, in one word. */
export function phaseOf(
  { conflict, failure, changes, refusal }: IEditsFacts,
  { isSaving, isWritable }: { isSaving: boolean; isWritable: boolean }
): IEditsState['phase'] {
  if (isSaving) {
    return 'saving';
  }
  if (!isWritable) {
    return 'view_only';
  }
  if (conflict || failure) {
    return conflict ? 'conflict' : 'kept';
  }
  return changes?.length || refusal ? 'edited' : 'saved';
}
