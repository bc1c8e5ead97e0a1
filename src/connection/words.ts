import type { TranslationBundle } from '@jupyterlab/translation';

/** What a credential may be able to do, in the order in which it is shown. */
export function capabilityWords(trans: TranslationBundle): [string, string][] {
  return [
    ['list', trans.__('List and read notebooks')],
    ['write', trans.__('Write notebooks')],
    ['runs', trans.__('Run cells (run and poll)')],
    ['stream', trans.__('Run cells with streamed output')],
    ['execute', trans.__('Run cells on a kernel directly')],
    ['query', trans.__('Run HogQL queries')],
    ['kernel_control', trans.__('Start, stop and restart kernels')],
    ['dataframe', trans.__('Page through frames of a kernel')],
    ['complete_inspect', trans.__('Complete and inspect code')],
    ['collab', trans.__('Save live, beside open pages')],
    ['activity', trans.__('Activity of a notebook')],
    ['all_activity', trans.__('Activity of the project')],
    ['recording_comments', trans.__('Comments on recordings')]
  ];
}

/** Say that a credential of some kind works. */
export function credentialWords(kind: string, trans: TranslationBundle): string {
  switch (kind) {
    case 'session':
      return trans.__('Browser session works');
    case 'oauth_token':
      return trans.__('OAuth token works');
    default:
      return trans.__('Key works');
  }
}

/** Say why something cannot be done; the server's own sentence where it names more, such as a scope. */
export function remedyWords(
  family: string,
  reason: string | null,
  remedy: string | null,
  trans: TranslationBundle
): string | null {
  if (reason === 'key_not_supported') {
    return family === 'kernel_control'
      ? trans.__('PostHog lets no key do this. Cells start a kernel by themselves.')
      : trans.__('PostHog lets only a browser session do this.');
  }
  if (reason === 'endpoint_missing' && family === 'stream') {
    return trans.__('This PostHog does not stream output; it appears when the cell ends.');
  }
  if (reason === 'endpoint_missing' && family === 'dataframe') {
    return trans.__('This PostHog serves frames with the runs that show them.');
  }
  return remedy;
}
