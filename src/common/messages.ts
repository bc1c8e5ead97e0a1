import { TranslationBundle } from '@jupyterlab/translation';
import { Facts, PosthogRequestError } from './request';

type Sentence = (trans: TranslationBundle, facts: Facts) => string;

const text = (value: string | number | boolean | null | undefined): string => String(value ?? '');

/** The sentence a person reads for each reason of the server (jupyter_posthog/errors.py). */
export const MESSAGES: Record<string, Sentence> = {
  unexpected: trans => trans.__('Something unexpected happened. The log of the server says more.'),
  not_connected: trans =>
    trans.__(
      'No PostHog is connected. Run `jupyter posthog login`, or set POSTHOG_HOST, POSTHOG_PROJECT_ID and POSTHOG_PERSONAL_API_KEY.'
    ),
  unknown_connection: (trans, facts) =>
    trans.__('There is no PostHog connection named “%1”.', text(facts.name)),
  mixed_credentials: (trans, facts) =>
    trans.__(
      'The %1 names both a key and a browser session. Keep one of them.',
      text(facts.source)
    ),
  no_credential: (trans, facts) =>
    trans.__(
      'There is no key for %1. Add one, or set POSTHOG_PERSONAL_API_KEY to a personal API key.',
      text(facts.host)
    ),
  not_an_api_key: (trans, facts) =>
    trans.__(
      'This is not a personal API key (%1…). Notebooks need one; make it in PostHog under Settings.',
      text(facts.prefix)
    ),
  insecure_host: (trans, facts) =>
    trans.__(
      '%1 is no https address. A key may travel over http only on this machine.',
      text(facts.host)
    ),
  open_key_file: (trans, facts) =>
    trans.__(
      'Others on this machine can read %1, so it was not used. Run chmod 600 on it.',
      text(facts.file_name)
    ),
  settings_file: (trans, facts) =>
    trans.__(
      '%1 cannot be used (%2), so nothing in it was used. Correct the file.',
      text(facts.file_name),
      text(facts.problem)
    ),
  project_not_an_id: (trans, facts) =>
    trans.__(
      '“%1” is not the number of a project. Take it from the address in PostHog: …/project/NUMBER/…',
      text(facts.project)
    ),
  invalid_reference: (trans, facts) =>
    trans.__(
      '“%1” is neither the short id of a notebook nor its address in PostHog.',
      text(facts.reference)
    ),
  invalid_connection: (trans, facts) =>
    trans.__('The connection cannot be added: %1. Nothing was stored.', text(facts.problem)),
  connection_not_stored: (trans, facts) =>
    trans.__(
      '“%1” comes from %2, so it can only be removed there.',
      text(facts.name),
      text(facts.source)
    ),
  key_not_stored: (trans, facts) =>
    trans.__(
      'The key could not be stored (%1), so the connection was not added.',
      text(facts.problem)
    ),
  host_not_allowed: (trans, facts) =>
    trans.__(
      'The policy of this machine does not list %1, so nothing was sent. Ask its administrator.',
      text(facts.host)
    ),
  private_host: (trans, facts) =>
    trans.__(
      '%1 is inside a private network. Add it by `jupyter posthog login`, or ask the administrator to list it.',
      text(facts.host)
    ),
  feature_off: (trans, facts) =>
    trans.__(
      'The policy of this machine switches %1 off, so nothing was sent. Ask its administrator.',
      text(facts.feature)
    ),
  insecure_request: trans =>
    trans.__(
      'A key may travel over plain http only on this machine, so it was not used. Open Jupyter over https.'
    ),
  document_too_deep: (trans, facts) =>
    trans.__(
      'This notebook is nested deeper than 500 levels (at %1), so it was not opened.',
      text(facts.place)
    ),
  cell_not_writable: (trans, facts) =>
    trans.__(
      'Cell %1 cannot be stored in PostHog: %2. Nothing was saved; your edits are kept here.',
      text(facts.cell_number),
      text(facts.problem)
    ),
  request_refused: (trans, facts) =>
    trans.__('PostHog refused the request (%1).', text(facts.status)),
  key_refused: trans => trans.__('PostHog does not know this key. Use another one.'),
  wrong_region: (trans, facts) =>
    trans.__(
      'This key belongs to %1. Set POSTHOG_HOST, or the host of the connection, to it.',
      text(facts.host)
    ),
  missing_scope: (trans, facts) =>
    trans.__(
      'This key lacks %1, so PostHog refused. Add the scope or use another key.',
      text(facts.scope)
    ),
  key_not_supported: trans =>
    trans.__(
      'PostHog lets no API key do this; a browser session can. To start a kernel, run a cell: that starts one.'
    ),
  access_denied: trans =>
    trans.__('You do not have access to this in PostHog. Ask its owner, or use another key.'),
  notebook_gone: trans =>
    trans.__('PostHog has no such notebook, or it is in the trash. Your edits are kept here.'),
  endpoint_missing: trans =>
    trans.__('This PostHog does not serve this, or it is not switched on for your account.'),
  flag_off: trans =>
    trans.__(
      'Running cells by key is not switched on for your PostHog account. HogQL cells work; Python cells run in the local kernel.'
    ),
  server_too_old: trans =>
    trans.__('This PostHog is older than this feature. Ask its administrator to update it.'),
  method_refused: trans =>
    trans.__('PostHog does not allow this. To delete a notebook, move it to the trash.'),
  invalid_request: trans =>
    trans.__('PostHog found the request wrong. Nothing was stored; your edits are kept here.'),
  query_refused: trans => trans.__('PostHog cannot run this query.'),
  save_conflict: (trans, facts) =>
    facts.editor
      ? trans.__(
          '%1 saved this notebook after you opened it. Nothing was overwritten; your edits are kept here.',
          text(facts.editor)
        )
      : trans.__(
          'Somebody else saved this notebook after you opened it. Nothing was overwritten; your edits are kept here.'
        ),
  notebook_busy: trans =>
    trans.__('Another cell of this notebook is running in PostHog. Wait for it to end.'),
  run_refused_busy: trans =>
    trans.__('This project already runs as many cells as PostHog allows. Try again shortly.'),
  rate_limited: (trans, facts) =>
    trans.__(
      'The request limit of your team is used up. Going on in %1 s.',
      text(facts.wait_s ?? 60)
    ),
  too_large: trans =>
    trans.__('PostHog takes at most 20 MB at once. Nothing was saved; your edits are kept here.'),
  kernel_unavailable: trans =>
    trans.__(
      'PostHog could not start or reach its kernel, so this did not run to its end. Try again; if it stays so, restart the kernel.'
    ),
  run_gone: trans => trans.__('PostHog does not know this run any more. Run the cell again.'),
  server_failed: trans =>
    trans.__('PostHog failed by itself. Try again shortly; your edits are kept here.'),
  answer_too_large: (trans, facts) =>
    trans.__(
      '%1 answered with more than %2 MB, which is more than PostHog sends. Reading was stopped; a proxy may be in between.',
      text(facts.host),
      text(facts.limit_mb)
    ),
  request_not_valid: (trans, facts) =>
    trans.__('This request was not sent: %1.', text(facts.problem)),
  host_away: (trans, facts) =>
    trans.__(
      '%1 does not answer (%2). Your edits are kept here.',
      text(facts.host),
      text(facts.cause)
    ),
  not_posthog: (trans, facts) =>
    trans.__(
      '%1 answers, but not like PostHog. A proxy or a login page may be in between.',
      text(facts.host)
    ),
  stream_cut: trans =>
    trans.__(
      'The connection ended before PostHog said how the cell ended. It may still be running there.'
    ),
  frame_not_read: (trans, facts) =>
    trans.__(
      'The kernel in PostHog has no frame named %1, or is not running. Run the cell that makes it.',
      text(facts.name)
    ),
  run_detached: (trans, facts) =>
    trans.__(
      '%1 does not answer. The cell may still be running there; its output appears when PostHog is back.',
      text(facts.host)
    ),
  run_stuck: trans =>
    trans.__('PostHog has said nothing of an end of this cell. Restart the remote kernel.'),
  still_running_remotely: trans =>
    trans.__(
      'Stopped waiting. PostHog has no way to stop this cell; it may still be running there.'
    ),
  kernel_lost: (trans, facts) =>
    trans.__(
      'The remote kernel ended%1. Lost: %2. Code and saved results are kept.',
      text(facts.why),
      text(facts.names)
    ),
  no_input: trans =>
    trans.__(
      'Code in the kernel in PostHog cannot ask you anything, so input() does not work here.'
    ),
  not_agreed: (trans, facts) =>
    trans.__('%1 wrote this notebook, so its code was not run.', text(facts.author)),
  query_timeout: (trans, facts) =>
    trans.__('The query did not end within %1 s, so it was cancelled.', text(facts.limit_s)),
  magic_not_understood: (trans, facts) =>
    trans.__('This cell was not run: %1.', text(facts.problem)),
  frame_stale: (trans, facts) =>
    trans.__(
      'The frame %1 was replaced meanwhile, or its kernel has ended. Run the cell that makes it.',
      text(facts.name)
    ),
  frame_file: (trans, facts) =>
    trans.__('Nothing was written to %1: %2.', text(facts.file_name), text(facts.problem)),
  package_missing: (trans, facts) =>
    trans.__(
      '%1 needs %2, which is not installed here.',
      text(facts.purpose),
      text(facts.packages)
    ),
  variable_not_usable: (trans, facts) =>
    trans.__('The variable “%1” cannot be used: %2.', text(facts.name), text(facts.problem)),
  python_unavailable: trans =>
    trans.__('This credential cannot run Python on this PostHog. HogQL cells work.'),
  invalid_path: (trans, facts) =>
    trans.__('“%1” is not a path of a PostHog notebook.', text(facts.path)),
  wrong_kind: (trans, facts) =>
    trans.__('“%1” is a %2, not a %3.', text(facts.path), text(facts.kind), text(facts.asked)),
  only_notebooks: (trans, facts) =>
    trans.__(
      'PostHog keeps notebooks only, so no %1 was made. Put it beside your local files.',
      text(facts.kind)
    ),
  title_not_usable: (trans, facts) =>
    trans.__(
      'This name cannot be used: %1. Nothing was changed; choose another name.',
      text(facts.problem)
    ),
  export_unknown: (trans, facts) =>
    trans.__(
      '“%1” is no format of an export. Choose one of %2.',
      text(facts.format),
      text(facts.known)
    ),
  base_unknown: trans =>
    trans.__(
      'PostHog has a newer version, and the one this was made from is not known here. Your edits are kept.'
    ),
  wrong_notebook: (trans, facts) => trans.__('This file cannot be used: %1.', text(facts.problem)),
  version_gone: trans =>
    trans.__('This version is not kept here any more, so nothing was changed.'),
  draft_gone: trans =>
    trans.__('These edits are not kept here any more: they were saved or dropped meanwhile.'),
  copy_not_made: (trans, facts) =>
    trans.__('No copy was made in PostHog: %1. Your edits are kept here.', text(facts.problem))
};

/** Return the sentence for an error; one of the server itself where the reason is not known here. */
export function sentence(trans: TranslationBundle, error: unknown): string {
  if (!(error instanceof PosthogRequestError)) {
    return error instanceof Error ? error.message : String(error);
  }
  if (error.reason === 'server_away') {
    return trans.__('The Jupyter server does not answer. Your edits are kept in this page.');
  }
  const found = MESSAGES[error.reason];
  return found ? found(trans, error.facts) : error.message;
}
