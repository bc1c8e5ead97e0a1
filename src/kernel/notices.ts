import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { sentence } from '../common/messages';
import type { INotebookAddress } from '../common/paths';
import type { IKernel, IKernelDesk } from './desk';
import type { IKernelWarning } from './model';
import { stillRunningOf, warningOf } from './words';

const DETACHED_MS = 30_000;

/** Say that a kernel ends soon; stays until the person has read it. */
export function tellEnd(
  warning: IKernelWarning,
  showFrames: ((address: INotebookAddress) => void) | null,
  trans: TranslationBundle
): void {
  const { address, secondsLeft, frames } = warning;
  const actions =
    showFrames && frames > 0
      ? [{ label: trans.__('Show frames'), callback: () => showFrames(address) }]
      : [];
  Notification.warning(warningOf(secondsLeft, frames, trans), { autoClose: false, actions });
}

/** Say that PostHog's kernel runs on after Jupyter's was shut down. */
export function tellDetached(
  address: INotebookAddress,
  kernel: IKernel,
  options: { desk: IKernelDesk; accepted: (kernel: IKernel) => void; trans: TranslationBundle }
): void {
  const { desk, accepted, trans } = options;
  const stop = async () => {
    try {
      accepted(await desk.stop(address));
    } catch (error) {
      Notification.error(sentence(trans, error), { autoClose: DETACHED_MS });
    }
  };
  Notification.info(stillRunningOf(kernel, trans), {
    autoClose: DETACHED_MS,
    actions: [{ label: trans.__('Stop now'), callback: () => void stop() }]
  });
}
