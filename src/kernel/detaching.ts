import type { NotebookPanel } from '@jupyterlab/notebook';
import type { INotebookAddress } from '../common/paths';
import type { IKernel, IKernelDesk } from './desk';
import { isRunning } from './words';

/** The name of the kernel whose cells run on PostHog. */
const REMOTE_KERNEL = 'posthog';

type Session = NotebookPanel['sessionContext'];

/** Tell when a notebook's Jupyter kernel was shut down while PostHog's runs on: shutting down detaches. */
export function watchDetaching(
  session: Session,
  address: INotebookAddress,
  desk: IKernelDesk,
  detached: (kernel: IKernel) => void
): void {
  let name: string | null = null;
  const look = async () => {
    const kernel = session.isDisposed ? null : session.session?.kernel;
    const wasRemote = name === REMOTE_KERNEL;
    name = kernel?.name ?? null;
    if (kernel || !wasRemote) {
      return;
    }
    // Where PostHog cannot be asked there is nothing to tell.
    const left = await desk.fetch(address).catch(() => null);
    if (left && isRunning(left.state)) {
      detached(left);
    }
  };
  // A kernel that is shut down from Lab's list of kernels changes the session alone.
  session.kernelChanged.connect(() => void look());
  session.sessionChanged.connect(() => void look());
  void look();
}
