import { ServerConnection } from '@jupyterlab/services';
import { urlPath, INotebookAddress } from '../common/paths';
import { request } from '../common/request';

/** A frame that PostHog's kernel holds. */
export interface IKernelFrame {
  name: string;
  kind: string;
  columns: number;
  row_count: number | null;
  is_estimate: boolean;
}

/** PostHog's kernel of a notebook, as the server answers it; moments are ISO 8601. */
export interface IKernel {
  state: string;
  started_at: string | null;
  ends_at: string | null;
  ends_by: string | null;
  lifetime_s: number;
  hourly_price: number | null;
  cpu_cores: number | null;
  memory_gb: number | null;
  frames: IKernelFrame[];
  last_error: string | null;
}

/** A size or lifetime that a person wants. */
export interface IKernelSize {
  cpu_cores?: number;
  memory_gb?: number;
  idle_timeout_seconds?: number;
}

/** What another size costs and destroys. */
export interface ISizeEffect {
  hourly_price: number | null;
  restarts: boolean;
  lost: string[];
}

/** The sizes and lifetimes that PostHog allows. */
export interface IKernelOptions {
  allowed_cpu_cores: number[];
  allowed_memory_gb: number[];
  allowed_idle_timeout_seconds: number[];
}

/** Asks the server about kernels; everything but `fetch`, `options` and `preview` changes them. */
export interface IKernelDesk {
  fetch(address: INotebookAddress): Promise<IKernel>;
  start(address: INotebookAddress): Promise<IKernel>;
  stop(address: INotebookAddress): Promise<IKernel>;
  restart(address: INotebookAddress): Promise<IKernel>;
  options(address: INotebookAddress): Promise<IKernelOptions>;
  preview(address: INotebookAddress, size: IKernelSize): Promise<ISizeEffect>;
  resize(address: INotebookAddress, size: IKernelSize): Promise<void>;
}

/** The routes `posthog/kernels/…` of the server extension. */
export class KernelDesk implements IKernelDesk {
  constructor(serverSettings: ServerConnection.ISettings) {
    this._settings = serverSettings;
  }

  async fetch(address: INotebookAddress): Promise<IKernel> {
    return request<IKernel>(this._settings, pathOf(address));
  }

  async start(address: INotebookAddress): Promise<IKernel> {
    return this._post<IKernel>(address, 'start', {});
  }

  async stop(address: INotebookAddress): Promise<IKernel> {
    return this._post<IKernel>(address, 'stop', {});
  }

  async restart(address: INotebookAddress): Promise<IKernel> {
    return this._post<IKernel>(address, 'restart', {});
  }

  async options(address: INotebookAddress): Promise<IKernelOptions> {
    return request<IKernelOptions>(this._settings, `${pathOf(address)}/options`);
  }

  async preview(address: INotebookAddress, size: IKernelSize): Promise<ISizeEffect> {
    return this._post<ISizeEffect>(address, 'config', { ...size, preview: true });
  }

  async resize(address: INotebookAddress, size: IKernelSize): Promise<void> {
    await this._post(address, 'config', size);
  }

  private async _post<T>(address: INotebookAddress, action: string, body: object): Promise<T> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    return request<T>(this._settings, `${pathOf(address)}/${action}`, init);
  }

  private readonly _settings: ServerConnection.ISettings;
}

function pathOf(address: INotebookAddress): string {
  return `posthog/kernels/${urlPath(address)}`;
}
