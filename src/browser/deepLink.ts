import type { IRouter, JupyterFrontEnd } from '@jupyterlab/application';
import { NOTEBOOK_COMMANDS } from '../common/commands';

const COMMAND = 'posthog:open-link';
const PARAMETER = 'posthog';

/** Open the notebook that the address of the page names: …/lab?posthog=URL-or-short_id. */
export function addDeepLink(app: JupyterFrontEnd, router: IRouter): void {
  app.commands.addCommand(COMMAND, {
    describedBy: {
      args: { type: 'object', properties: { search: { type: 'string' } } }
    },
    execute: args => {
      const reference = new URLSearchParams(String(args.search ?? '')).get(PARAMETER);
      if (reference) {
        forgetLink();
        // What the page showed before comes back first, and the notebook in front of it.
        void app.restored.then(() =>
          app.commands.execute(NOTEBOOK_COMMANDS.openReference, { reference })
        );
      }
    }
  });
  router.register({ command: COMMAND, pattern: /[?&]posthog=/ });
}

/** A reload shows what is open then, not the link again. */
function forgetLink(): void {
  const url = new URL(window.location.href);
  url.searchParams.delete(PARAMETER);
  window.history.replaceState(window.history.state, '', url);
}
