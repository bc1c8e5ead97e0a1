import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import { addressOn, INotebookAddress } from '../common/paths';
import type { IKernel, IKernelDesk } from './desk';

/** Command names; `show` opens the popover, where the size is changed too. */
export const KERNEL_COMMANDS = {
  show: 'posthog:show-kernel',
  start: 'posthog:start-kernel',
  interrupt: 'posthog:interrupt-kernel',
  restart: 'posthog:restart-kernel',
  stop: 'posthog:stop-kernel'
};

/** What the commands need of the page. */
export interface IKernelCommandOptions {
  desk: IKernelDesk;
  /** The notebook in front. */
  front: () => NotebookPanel | null;
  /** Hears how a kernel is now. */
  accepted: (address: INotebookAddress, kernel: IKernel) => void;
  trans: TranslationBundle;
}

/** Commands about PostHog's kernel of the notebook in front. */
export function addKernelCommands(
  { commands }: JupyterFrontEnd,
  options: IKernelCommandOptions
): void {
  const { desk, front, accepted, trans } = options;
  const addressInFront = () => {
    const path = front()?.context.path ?? '';
    return addressOn(path);
  };
  const add = (
    id: string,
    label: string,
    act: (address: INotebookAddress) => Promise<IKernel | null>
  ) =>
    commands.addCommand(id, {
      label,
      isEnabled: () => addressInFront() !== null,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        const address = addressInFront();
        try {
          const kernel = address && (await act(address));
          if (address && kernel) {
            accepted(address, kernel);
          }
        } catch (error) {
          await showErrorMessage(label, sentence(trans, error));
        }
      }
    });
  const stop = trans.__("Stop PostHog's Kernel");
  const restart = trans.__("Restart PostHog's Kernel");
  add(KERNEL_COMMANDS.start, trans.__("Start PostHog's Kernel"), address => desk.start(address));
  add(KERNEL_COMMANDS.stop, stop, async address =>
    (await mayLose(await desk.fetch(address), stop, trans)) ? desk.stop(address) : null
  );
  add(KERNEL_COMMANDS.restart, restart, async address =>
    (await mayLose(await desk.fetch(address), restart, trans)) ? desk.restart(address) : null
  );
  add(KERNEL_COMMANDS.interrupt, trans.__('Interrupt the Cell That Runs on PostHog'), async () => {
    // By way of Jupyter's kernel, which knows the run.
    await front()?.sessionContext.session?.kernel?.interrupt();
    return null;
  });
}

async function mayLose(kernel: IKernel, title: string, trans: TranslationBundle): Promise<boolean> {
  if (kernel.frames.length === 0) {
    return true;
  }
  const names = kernel.frames.map(frame => frame.name).join(', ');
  const { button } = await showDialog({
    title,
    body: trans.__('These would be lost: %1.', names),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Leave it') }),
      Dialog.warnButton({ label: title })
    ]
  });
  return button.accept;
}
