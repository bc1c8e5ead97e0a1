import AxeBuilder from '@axe-core/playwright';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, ILabWindow, LabPage, test } from './fixtures';

const FRAME = 'import pandas\norders = pandas.DataFrame({"n": [1, 2, 3]})\nprint(len(orders))';

async function openNotebook(lab: LabPage, shortId: string): Promise<void> {
  await lab.command('posthog:open-notebook', {
    connection: 'env',
    project_id: 1,
    short_id: shortId
  });
  await expect(lab.cells.first()).toBeVisible();
}

const python = (code: string): string =>
  `# Kernel\n\n<PythonV2 nodeId="p1" code={${JSON.stringify(code)}} returnVariable="df" />`;

test('the status bar says how long the kernel lives, and the popover what is in it', async ({
  lab,
  box
}) => {
  await openNotebook(lab, await box.create('Kernel', python(FRAME)));
  const item = lab.page.locator('.jp-PosthogKernelItem');
  await expect(item).toHaveText('PostHog ○ no kernel');

  await lab.run(lab.cells.nth(1));

  await expect(item).toHaveText(/^PostHog ● idle · 1(20|19|18) min left · \$0\.25\/h$/);
  await item.getByRole('button').press('Enter');
  const popover = lab.page.getByRole('region', { name: "PostHog's kernel" });
  await expect(popover.getByRole('listitem')).toContainText(['orders3 rows × 1 column']);
  await lab.page.screenshot({ path: 'test-results/kernel.png' });
  const { violations } = await new AxeBuilder({ page: lab.page })
    .include('.jp-PosthogKernel')
    .include('.jp-PosthogKernelItem')
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);

  await popover.getByRole('button', { name: 'orders' }).click();
  await expect(lab.cells).toHaveCount(3);
  await expect(lab.cells.nth(2).locator('.jp-OutputArea-output')).toContainText('3 rows');
  await popover.getByLabel('Cores').selectOption('4');
  await expect(popover.getByRole('status')).toContainText('$0.85 an hour.');
  await expect(popover.getByRole('status')).toContainText('would be lost');
  await popover.getByRole('button', { name: 'Change the size' }).click();
  await expect(item).toHaveText(/\$0\.85\/h$/);
  await expect(popover.getByRole('listitem')).toHaveCount(0);
});

test('what PostHog refuses is said, and what is in the kernel is asked about first', async ({
  lab,
  box
}) => {
  await openNotebook(lab, await box.create('Refused', python(FRAME)));
  await lab.run(lab.cells.nth(1));
  const item = lab.page.locator('.jp-PosthogKernelItem');
  await expect(item).toContainText('min left');
  await item.getByRole('button').press('Enter');
  const popover = lab.page.getByRole('region', { name: "PostHog's kernel" });
  await expect(popover.getByRole('listitem').first()).toBeVisible();

  await popover.getByRole('button', { name: 'Stop now' }).click();
  await expect(popover).toContainText('These would be lost: orders');
  await popover.getByRole('button', { name: 'Stop now' }).click();

  await expect(popover.getByRole('alert')).toContainText('PostHog lets no API key do this');
  await expect(item).toContainText('min left');
});

test('a kernel that ends soon is told once, and so is one that runs on without Jupyter', async ({
  lab,
  box
}) => {
  const shortId = await box.create('Ends', python(FRAME));
  await lab.page.route(`**/posthog/kernels/env/1/${shortId}.ipynb*`, async route => {
    const answer = await route.fetch();
    const kernel = await answer.json();
    const ends = new Date(Date.now() + 9.6 * 60_000).toISOString();
    await route.fulfill({ json: { ...kernel, state: 'running', ends_at: ends } });
  });
  await openNotebook(lab, shortId);

  const notices = lab.page.locator('.jp-Notification-Toast, .Toastify__toast');
  await expect(notices.filter({ hasText: 'The kernel ends in 10 minutes' })).toHaveCount(1);

  await lab.kernelReady();
  // Ends only when the dialog is answered.
  void lab.command('notebook:close-and-shutdown');
  const confirm = lab.page.getByRole('dialog').getByRole('button', { name: /shut ?down|ok/i });
  await confirm.click({ timeout: 3_000 }).catch(() => undefined);
  await expect(notices.filter({ hasText: 'still running until' })).toHaveCount(1);
  await expect(notices.getByRole('button', { name: 'Stop now' })).toBeVisible();
});

test('a run outlives the browser and the kernel process, and happens once', async ({
  lab,
  box,
  browser,
  place
}) => {
  const marks = join(mkdtempSync(join(tmpdir(), 'posthog-ui-marks-')), 'marks');
  const code = [
    'import time',
    `open(${JSON.stringify(marks)}, "a").write("x")`,
    'time.sleep(20)',
    'print("outlived")'
  ].join('\n');
  const shortId = await box.create('Outlives', python(code));
  await openNotebook(lab, shortId);
  await lab.kernelReady();
  await lab.cells.nth(1).locator('.cm-content').click();
  // Ends only with the cell.
  void lab.command('notebook:run-cell').catch(() => undefined);
  await expect(lab.cells.nth(1).locator('.jp-OutputArea-output')).toContainText(/running|starting/);
  await expect.poll(() => readOrEmpty(marks)).toBe('x');

  const kernelId = await lab.page.evaluate(
    () =>
      (window as unknown as ILabWindow).jupyterapp.shell.currentWidget.sessionContext.session.kernel
        .id
  );
  process.kill(processOf(`kernel-${kernelId}.json`), 'SIGKILL');
  await lab.page.context().close();
  await expect.poll(() => box.isRunning(shortId), { timeout: 60_000 }).toBe(false);

  const context = await browser.newContext();
  const again = new LabPage(await context.newPage(), place.url);
  await again.open();
  await openNotebook(again, shortId);
  await expect(again.cells.nth(1).locator('.jp-OutputArea-output')).toHaveText('outlived\n');
  expect(readOrEmpty(marks)).toBe('x');
  expect(await box.runsStarted(shortId)).toBe(1);
  await context.close();
});

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf-8');
  } catch {
    return '';
  }
}

/** The process whose command line holds a word. */
function processOf(word: string): number {
  const found = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .find(name => readOrEmpty(`/proc/${name}/cmdline`).includes(word));
  if (!found) {
    throw new Error(`no process has ${word} in its command line`);
  }
  return Number(found);
}
