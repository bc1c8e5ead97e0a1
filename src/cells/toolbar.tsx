import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { INotebookAddress } from '../common/paths';
import type { Connections } from './connections';
import { notebookPath, pageAddress } from './pageAddress';

/** The way to a notebook's own page in PostHog; as short as it can be, for a toolbar that is too full hides the kernel. */
export class OpenInPostHog extends ReactWidget {
  constructor(address: INotebookAddress, connections: Connections, trans: TranslationBundle) {
    super();
    this._address = address;
    this._connections = connections;
    this._trans = trans;
    this.addClass('jp-PosthogToolbar');
  }

  render(): JSX.Element {
    return (
      <UseSignal signal={this._connections.changed}>
        {() => {
          const label = this._trans.__('Open in PostHog');
          const { connection, projectId } = this._address;
          const host = this._connections.hostOf(connection);
          const page = host && pageAddress(host, projectId, notebookPath(this._address));
          return page ? (
            <a
              href={page}
              target="_blank"
              rel="noopener noreferrer"
              title={label}
              aria-label={label}
            >
              <span aria-hidden="true">↗</span>
            </a>
          ) : (
            <></>
          );
        }}
      </UseSignal>
    );
  }

  private readonly _address: INotebookAddress;
  private readonly _connections: Connections;
  private readonly _trans: TranslationBundle;
}

/** Opens the variables of a notebook. */
export class VariablesButton extends ReactWidget {
  constructor(onOpen: () => void, trans: TranslationBundle) {
    super();
    this._onOpen = onOpen;
    this._trans = trans;
    this.addClass('jp-PosthogToolbar');
  }

  render(): JSX.Element {
    const label = this._trans.__('Variables of this notebook');
    return (
      <button
        type="button"
        aria-haspopup="dialog"
        title={label}
        aria-label={label}
        onClick={this._onOpen}
      >
        <span aria-hidden="true">{'{x}'}</span>
      </button>
    );
  }

  private readonly _onOpen: () => void;
  private readonly _trans: TranslationBundle;
}
