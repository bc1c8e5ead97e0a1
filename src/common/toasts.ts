import { Notification } from '@jupyterlab/apputils';

/** What a toast says. */
export interface IToast {
  text: string;
  type: 'warning' | 'success' | 'error';
  /** How long it stays, in milliseconds; false until it is closed. */
  autoClose: number | false;
  actions?: { label: string; callback: () => void }[];
}

/** One toast per thing, updated in place. */
export class Toasts {
  /** Show or update the toast of a thing; one that the person closed comes back only where `isNew` says so. */
  show(key: string, { text, type, autoClose, actions = [] }: IToast, isNew: boolean): void {
    const id = this._ids.get(key);
    if (id !== undefined && Notification.manager.has(id)) {
      Notification.manager.update({ id, message: text, type, autoClose, actions });
    } else if (isNew) {
      this._ids.set(key, Notification.manager.notify(text, type, { autoClose, actions }));
    }
  }

  /** Whether the toast of a thing is there. */
  has(key: string): boolean {
    const id = this._ids.get(key);
    return id !== undefined && Notification.manager.has(id);
  }

  /** Take the toast of a thing away. */
  dismiss(key: string): void {
    const id = this._ids.get(key);
    if (id !== undefined) {
      this._ids.delete(key);
      Notification.manager.dismiss(id);
    }
  }

  private readonly _ids = new Map<string, string>();
}
