import type { PosthogRequestError } from '../common/request';

/** Reasons that pass: the server keeps the edits and sends them again by itself (jupyter_posthog/storage/redelivery.py). */
const PASSING = ['host_away', 'server_failed', 'rate_limited', 'not_posthog', 'server_away'];

/** Reasons that mean: somebody else's edits are in the way. */
const CONFLICTS = ['save_conflict', 'base_unknown'];

/** Whether a save failed for a reason that passes. */
export function isPassing(error: PosthogRequestError): boolean {
  return PASSING.includes(error.reason);
}

/** Whether a save met somebody else's edits. */
export function isConflict(error: PosthogRequestError): boolean {
  return CONFLICTS.includes(error.reason);
}

/** An error that Lab passes over in silence: the notebook stays as it is, and is told elsewhere. */
export function silent(message: string): Error {
  const error = new Error(message);
  error.name = 'ModalCancelError';
  return error;
}
