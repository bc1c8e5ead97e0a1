import { ServerConnection } from '@jupyterlab/services';
import { urlPath, INotebookAddress } from '../common/paths';
import { request } from '../common/request';
import type { Row } from './frameData';

/** Rows of a frame, as `posthog/runs/…/frames/NAME` answers them. */
export interface IFramePage {
  columns: string[];
  rows: Row[];
  row_count: number;
  offset: number;
}

/** Gives more rows of one frame. */
export interface IFramePages {
  read(offset: number, limit: number): Promise<IFramePage>;
}

/** Asks the server for rows of a frame of one notebook. */
export class ServerFramePages implements IFramePages {
  /**
   * @param runId - the run whose rows are shown; another run's rows are never mixed with them
   */
  constructor(options: {
    serverSettings: ServerConnection.ISettings;
    address: INotebookAddress;
    name: string;
    runId: string | null;
  }) {
    this._options = options;
  }

  read(offset: number, limit: number): Promise<IFramePage> {
    const { serverSettings, address, name, runId } = this._options;
    const path = urlPath(address);
    const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
    if (runId) {
      query.set('run_id', runId);
    }
    return request(serverSettings, `posthog/runs/${path}/frames/${name}?${query.toString()}`);
  }

  private readonly _options: {
    serverSettings: ServerConnection.ISettings;
    address: INotebookAddress;
    name: string;
    runId: string | null;
  };
}
