import type { NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';

/** Kernels that answer `%posthog`. */
const OUR_KERNELS = new Set(['posthog', 'posthog-local']);

/** Whether the kernel of a notebook answers `%posthog`. */
export function hasOurKernel(panel: NotebookPanel): boolean {
  return OUR_KERNELS.has(panel.sessionContext.session?.kernel?.name ?? '');
}

/**
 * Run a line of `%posthog` beside the cells, and return what it printed.
 *
 * @throws Error with the kernel's own sentence
 */
export async function askKernel(panel: NotebookPanel, line: string): Promise<string> {
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel) {
    throw new Error('no kernel');
  }
  const future = kernel.requestExecute({ code: line, store_history: false, stop_on_error: false });
  const printed: string[] = [];
  future.onIOPub = message => {
    const content = message.content as Partial<KernelMessage.IStreamMsg['content']>;
    if (message.header.msg_type === 'stream' && content.name === 'stdout' && content.text) {
      printed.push(content.text);
    }
  };
  const { content } = await future.done;
  if (content.status === 'error') {
    throw new Error(content.evalue || content.ename);
  }
  return printed.join('');
}
