import { expect, Locator, Page, test as base } from '@playwright/test';
import { join } from 'node:path';
import { BoxClient } from './box';
import { connectionTo, startBox, startLab } from './processes';

/** A page with Lab in it, and the box behind. */
export class LabPage {
  constructor(
    readonly page: Page,
    readonly url: string
  ) {}

  async open(path = '/lab?reset'): Promise<void> {
    await this.page.goto(`${this.url}${path}`);
    await this.page.waitForFunction(() => 'jupyterapp' in window);
    await this.page.evaluate(() => (window as unknown as ILabWindow).jupyterapp.restored);
    await expect(this.page.locator('#jupyterlab-splash')).toHaveCount(0);
  }

  async command(id: string, args: object = {}): Promise<void> {
    await this.page.evaluate(
      async ([command, values]) => {
        await (window as unknown as ILabWindow).jupyterapp.commands.execute(command, values);
      },
      [id, args] as const
    );
  }

  get panel(): Locator {
    return this.page.locator('#jp-posthog-panel');
  }

  /** The rows of the sidebar's list. */
  get rows(): Locator {
    return this.panel.locator('.jp-PosthogRow');
  }

  /** The row of a notebook, by its whole title. */
  row(title: string): Locator {
    return this.rows.filter({ has: this.page.getByTitle(title, { exact: true }) });
  }

  /** The titles in view, from above. */
  titles(): Promise<string[]> {
    return this.panel
      .getByRole('option')
      .evaluateAll(rows =>
        rows
          .sort((one, other) => Number(one.ariaPosInSet) - Number(other.ariaPosInSet))
          .map(row => row.querySelector('.jp-PosthogRow-title')?.textContent ?? '')
      );
  }

  async showPanel(): Promise<void> {
    await this.command('posthog:show-panel');
    await expect(this.panel).toBeVisible();
  }

  async openFromList(title: string): Promise<void> {
    await this.row(title).dblclick();
    await expect(this.notebook).toBeVisible();
    await expect(this.cells.first()).toBeVisible();
  }

  get notebook(): Locator {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  }

  get cells(): Locator {
    return this.notebook.locator('.jp-Cell');
  }

  /** Wait for the kernel; Lab lets a run go unheard before it is connected. */
  async kernelReady(): Promise<void> {
    await expect(this.notebook.locator('.jp-Toolbar-kernelName')).toHaveText('PostHog (remote)');
    const indicator = this.notebook.locator('.jp-Notebook-ExecutionIndicator');
    await expect(indicator).toHaveAttribute('data-status', 'idle');
  }

  /** Run one cell and wait for its end. */
  async run(cell: Locator): Promise<void> {
    await this.kernelReady();
    await cell.locator('.cm-content').click();
    await this.command('notebook:run-cell');
    await expect(cell.locator('.jp-InputPrompt')).toHaveText(/\[\d+\]:/, { timeout: 60_000 });
  }

  /** Put a text in place of a markdown cell's own. */
  async edit(cell: Locator, change: (text: string) => string): Promise<void> {
    await cell.dblclick();
    const editor = cell.locator('.cm-content');
    await expect(editor).toBeVisible();
    const index = await this.cells.evaluateAll(
      (all, one) => all.indexOf(one as HTMLElement),
      await cell.elementHandle()
    );
    const text = await this.page.evaluate(
      place =>
        (window as unknown as ILabWindow).jupyterapp.shell.currentWidget.content.widgets[
          place
        ].model.sharedModel.getSource(),
      index
    );
    await editor.click();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.insertText(change(text));
  }

  /** Rename the open notebook and return its path after it. */
  async rename(name: string): Promise<string> {
    return this.page.evaluate(async newName => {
      const { context } = (window as unknown as ILabWindow).jupyterapp.shell.currentWidget;
      await context.rename(newName);
      return context.path;
    }, name);
  }

  /** Save as Lab's autosave does. */
  async autosave(): Promise<void> {
    await this.page.evaluate(() =>
      (window as unknown as ILabWindow).jupyterapp.shell.currentWidget.context
        .save()
        .catch((error: Error) => {
          // Lab passes these over in silence.
          if (error.name !== 'ModalCancelError') {
            throw error;
          }
        })
    );
  }

  /** What the toolbar says of the edits of the notebook in front. */
  get state(): Locator {
    return this.notebook.locator('.jp-PosthogState-text');
  }

  /** The box below the state button; opened by it. */
  async details(): Promise<Locator> {
    await this.state.click();
    const box = this.page.locator('.jp-PosthogPopover');
    await expect(box).toBeVisible();
    return box;
  }

  get dialog(): Locator {
    return this.page.locator('.jp-Dialog');
  }

  /** Show one notebook by its short_id. */
  async openNotebook(shortId: string): Promise<void> {
    const args = { connection: 'env', project_id: 1, short_id: shortId };
    await this.command('posthog:open-notebook', args);
    await expect(this.cells.first()).toBeVisible();
  }

  async isDirty(): Promise<boolean> {
    return this.page.evaluate(
      () => (window as unknown as ILabWindow).jupyterapp.shell.currentWidget.context.model.dirty
    );
  }
}

/** The parts of Lab's application that the tests reach for. */
export interface ILabWindow {
  jupyterapp: {
    restored: Promise<void>;
    commands: { execute: (command: string, args: object) => Promise<unknown> };
    shell: {
      currentWidget: {
        context: {
          model: { dirty: boolean };
          save: () => Promise<void>;
          rename: (name: string) => Promise<void>;
          path: string;
        };
        sessionContext: { session: { kernel: { id: string } } };
        content: {
          widgets: {
            model: {
              type: string;
              executionCount: number | null;
              sharedModel: { getSource: () => string };
            };
          }[];
        };
      };
    };
  };
}

/** Which PostHog the box plays. */
export interface IWorkerOptions {
  profile: string;
  /** Names a file of tests that needs a box of its own, in which no other tests leave notebooks. */
  boxOf: string;
}

interface IWorkerFixtures extends IWorkerOptions {
  /** `notebooks` is the folder of Lab's own files. */
  place: { box: BoxClient; url: string; notebooks: string };
}

/** Tests with a Lab and a box per profile. */
export const test = base.extend<{ lab: LabPage; box: BoxClient }, IWorkerFixtures>({
  profile: ['cloud', { option: true, scope: 'worker' }],
  boxOf: ['', { option: true, scope: 'worker' }],
  place: [
    async ({ profile, boxOf: _ }, use) => {
      const box = await startBox(profile);
      const lab = await startLab(connectionTo(profile, box.ready));
      await use({
        box: new BoxClient(box.ready),
        url: lab.url,
        notebooks: join(lab.home, 'notebooks')
      });
      await lab.process.stop();
      await box.process.stop();
    },
    { scope: 'worker', timeout: 180_000 }
  ],
  lab: async ({ page, place }, use) => {
    const lab = new LabPage(page, place.url);
    await lab.open();
    await lab.showPanel();
    await use(lab);
  },
  box: async ({ place }, use) => use(place.box)
});

export { expect };
