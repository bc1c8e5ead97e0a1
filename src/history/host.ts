import type { JupyterFrontEnd } from '@jupyterlab/application';
import { showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { argumentsOf, CONNECTION_COMMANDS, NOTEBOOK_COMMANDS } from '../common/commands';
import { titleIn } from '../common/fileNames';
import { INotebookAddress, isSameNotebook } from '../common/paths';
import { Toasts } from '../common/toasts';
import type { INotebookOpener } from '../drive/tokens';
import { HistoryDesk, Moment } from './desk';
import type { HistoryModel } from './model';
import type { IPreviewTools } from './preview';
import { ProjectDesk } from './projectDesk';
import { restore } from './restoring';
import type { IPage, IPages } from './widgets';

/** Shows pages of the past, each once. */
export class PastHost implements IPages {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _opener: INotebookOpener,
    readonly tools: IPreviewTools,
    readonly trans: TranslationBundle
  ) {
    const { serverSettings } = _app.serviceManager;
    this.desk = new HistoryDesk(serverSettings);
    this.projects = new ProjectDesk(serverSettings);
  }

  readonly desk: HistoryDesk;
  readonly projects: ProjectDesk;

  /** Show a page by its id; one that is there already asks again. */
  show(id: string, create: () => IPage): void {
    let page = this._shown.get(id);
    if (!page || page.widget.isDisposed) {
      page = create();
      page.widget.id = id;
      this._shown.set(id, page);
      this._app.shell.add(page.widget, 'main');
    }
    this._app.shell.activateById(id);
    page.refresh();
  }

  titleOf(address: INotebookAddress): string {
    const { open } = this._opener.edits;
    const found = open.find(one => one.address && isSameNotebook(one.address, address));
    return (found && titleIn(found.path)) || address.shortId;
  }

  open(address: INotebookAddress): void {
    void this._app.commands.execute(NOTEBOOK_COMMANDS.open, argumentsOf(address));
  }

  restore(model: HistoryModel, moment: Moment): void {
    const tell = (text: string) => void showErrorMessage(this.trans.__('PostHog'), text);
    void restore(model, moment, {
      edits: this._opener.edits,
      tell,
      toasts: this._toasts,
      trans: this.trans
    });
  }

  get doctor(): (() => void) | null {
    const { commands } = this._app;
    return commands.hasCommand(CONNECTION_COMMANDS.doctor)
      ? () => void commands.execute(CONNECTION_COMMANDS.doctor)
      : null;
  }

  private readonly _toasts = new Toasts();
  private readonly _shown = new Map<string, IPage>();
}
