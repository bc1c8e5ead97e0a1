import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { BoxClient } from './box';
import { expect, LabPage, test } from './fixtures';
import { connectionTo, startBox, startLab, startLabAt, TestProcess } from './processes';

test.use({ boxOf: 'sidebar_states' });

/** Keys of a test go into its own folder, never into this machine's keyring. */
const NO_KEYRING = { PYTHON_KEYRING_BACKEND: 'keyring.backends.null.Keyring' };

async function violations(page: Page): Promise<unknown[]> {
  const found = await new AxeBuilder({ page }).include('#jp-posthog-panel').analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
}

/** Start processes of one test and stop all of them, whatever happens. */
async function withProcesses(
  action: (keep: (process: TestProcess) => void) => Promise<void>
): Promise<void> {
  const started: TestProcess[] = [];
  try {
    await action(process => void started.push(process));
  } finally {
    await Promise.all(started.map(process => process.stop()));
  }
}

test('rows that are awaited are as high as those that come', async ({ lab, box, page }) => {
  await expect(lab.rows.first()).toBeVisible();
  const height = await lab.rows.first().evaluate(row => row.getBoundingClientRect().height);
  const held = await box.hold('GET', '/notebooks/$');
  await lab.open('/lab');
  await lab.showPanel();

  const waiting = lab.panel.locator('.jp-PosthogSkeleton-row');
  await expect(waiting).toHaveCount(6);
  // Lab draws its panels some time after they are there.
  await expect
    .poll(() => waiting.first().evaluate(row => row.getBoundingClientRect().height))
    .toBe(height);
  expect(await violations(page)).toEqual([]);
  await held.release();

  await expect(lab.rows.first()).toBeVisible();
});

test('an answer that comes after the next question is dropped', async ({ lab, box }) => {
  await box.create('Early bird', '# early');
  await box.create('Late riser', '# late');
  await lab.command('posthog:refresh');
  await expect(lab.row('Late riser')).toBeVisible();
  const search = lab.panel.getByRole('searchbox');

  const held = await box.hold('GET', '/notebooks/$');
  await search.fill('early');
  await held.met();
  await search.fill('late');
  await expect(lab.row('Late riser')).toBeVisible();
  await expect(lab.rows).toHaveCount(1);
  await held.release();
  await lab.command('posthog:refresh');

  await expect(lab.rows).toHaveCount(1);
  await expect(lab.row('Late riser')).toBeVisible();
});

test('nothing is asked of PostHog while the panel is hidden and no notebook is open', async ({
  page
}) => {
  await withProcesses(async keep => {
    const box = await startBox('cloud');
    keep(box.process);
    const started = await startLab(connectionTo('cloud', box.ready));
    keep(started.process);
    const asked = async () => (await new BoxClient(box.ready).asked()).length;
    const lab = new LabPage(page, started.url);
    await lab.open();
    await expect(page.locator('.jp-Launcher')).toBeVisible();
    expect(await asked()).toBe(0);
    await lab.showPanel();
    await expect(lab.rows.first()).toBeVisible();
    await lab.command('filebrowser:activate');
    await expect(lab.panel).toBeHidden();
    const before = await asked();

    // As long as PostHog would be asked in vain: there is nothing else to wait for.
    await page.waitForTimeout(30_000);

    expect(await asked()).toBe(before);
  });
});

test('a host that goes away leaves its rows, and says since when', async ({ page }) => {
  await withProcesses(async keep => {
    const box = await startBox('cloud');
    const started = await startLab(connectionTo('cloud', box.ready));
    keep(started.process);
    const lab = new LabPage(page, started.url);
    await lab.open();
    await lab.showPanel();
    await expect(lab.row('Weekly funnel')).toBeVisible();

    await box.process.stop();
    await lab.command('posthog:refresh');

    const notice = lab.panel.locator('.jp-PosthogNotice');
    await expect(notice).toContainText('does not answer');
    await expect(notice).toContainText(/It has been so since \d\d:\d\d/);
    await expect(notice).toContainText(/This is the list of \d\d:\d\d/);
    await expect(lab.panel.getByRole('listbox')).toHaveAttribute('data-stale', 'true');
    await expect(lab.row('Weekly funnel')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
});

test('a Jupyter server that comes back under the page goes on as before', async ({ page }) => {
  await withProcesses(async keep => {
    const box = await startBox('cloud');
    keep(box.process);
    const first = await startLab(connectionTo('cloud', box.ready));
    const lab = new LabPage(page, first.url);
    await lab.open();
    await lab.showPanel();
    await expect(lab.row('Weekly funnel')).toBeVisible();

    await first.process.stop();
    await lab.command('posthog:refresh');
    const notice = lab.panel.locator('.jp-PosthogNotice');
    await expect(notice).toContainText('The Jupyter server does not answer.');
    await expect(lab.row('Weekly funnel')).toBeVisible();
    const port = Number(new URL(first.url).port);
    const second = await startLabAt(first.home, connectionTo('cloud', box.ready), { port });
    keep(second.process);
    // Lab covers the page with a question of its own.
    await lab.command('posthog:refresh');

    await expect(notice).toHaveCount(0);
    await expect(lab.panel.getByRole('listbox')).toHaveAttribute('data-stale', 'false');
  });
});

test('a key without the scope says which, and leads to its scopes and to another key', async ({
  page
}) => {
  await withProcesses(async keep => {
    const box = await startBox('cloud');
    keep(box.process);
    const started = await startLab({
      ...connectionTo('cloud', box.ready),
      POSTHOG_PERSONAL_API_KEY: box.ready.keys.full
    });
    keep(started.process);
    const client = new BoxClient(box.ready);
    const lab = new LabPage(page, started.url);
    await lab.open();
    await client.failNext({
      method: 'GET',
      path: '/notebooks/$',
      times: 2,
      status: 403,
      body: {
        type: 'authentication_error',
        code: 'permission_denied',
        detail: "API key missing required scope 'notebook:read'",
        attr: null
      }
    });
    await lab.showPanel();

    const notice = lab.panel.locator('.jp-PosthogNotice');
    await expect(notice).toContainText('This key may not list notebooks: it lacks notebook:read.');
    expect(await violations(page)).toEqual([]);
    await notice.getByRole('button', { name: 'Use another key…' }).click();
    await expect(lab.dialog.getByLabel('Personal API key')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(lab.dialog).toHaveCount(0);
    await notice.getByRole('button', { name: 'Show the key’s scopes' }).click();

    await expect(page.locator('.jp-PosthogDoctor')).toContainText('Key works');
  });
});

test('another connection is chosen by the keyboard, kept, and left when it is removed', async ({
  page
}) => {
  await withProcesses(async keep => {
    const [one, two] = [await startBox('cloud'), await startBox('cloud')];
    keep(one.process);
    keep(two.process);
    await new BoxClient(two.ready).create('Only in the second', '# x');
    const started = await startLab({ ...NO_KEYRING, ...connectionTo('cloud', one.ready) });
    keep(started.process);
    const lab = new LabPage(page, started.url);
    await lab.open();
    await lab.showPanel();
    const place = lab.panel.locator('.jp-PosthogPlace');
    await expect(place).toHaveText('env · Hedgebox / Web app');
    await expect(page.locator('.jp-Launcher')).toBeFocused();

    // A second connection, from the menu of the first.
    await place.focus();
    await page.keyboard.press('Enter');
    await page.locator('.lm-Menu').last().getByText('New Connection…').click();
    await lab.dialog.getByLabel('Other').check();
    await lab.dialog.getByLabel('Address of your PostHog').fill(two.ready.url);
    await lab.dialog.getByLabel('Personal API key').fill(two.ready.keys.full ?? '');
    await page.keyboard.press('Enter');
    await expect(lab.dialog).toContainText('Connected as');
    await page.keyboard.press('Escape');
    await expect(lab.row('Only in the second')).toBeVisible();
    const second = (await place.textContent()) ?? '';
    expect(second).not.toContain('env');

    await place.focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('.lm-Menu-item')).toHaveCount(4);
    await page.keyboard.press('Enter');
    await expect(place).toHaveText('env · Hedgebox / Web app');
    await expect(lab.row('Only in the second')).toHaveCount(0);
    const remembered = page.waitForRequest(
      request => request.method() === 'PUT' && (request.postData() ?? '').includes(two.ready.url)
    );
    await place.focus();
    await page.keyboard.press('Enter');
    await page.locator('.lm-Menu').last().getByText(second).click();
    await expect(lab.row('Only in the second')).toBeVisible();

    await (await remembered).response();
    await page.reload();
    await expect(lab.row('Only in the second')).toBeVisible();
    await expect(place).toHaveText(second);
    await lab.openFromList('Only in the second');
    const name = second.split(' · ')[0] ?? '';
    const removed = await page.evaluate(async connection => {
      const xsrf = /_xsrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
      const answer = await fetch(`/posthog/connections/${connection}`, {
        method: 'DELETE',
        headers: { 'X-XSRFToken': xsrf }
      });
      return answer.status;
    }, name);
    expect(removed).toBe(204);
    await lab.command('posthog:refresh');

    await expect(place).toHaveText('env · Hedgebox / Web app');
    await expect(lab.panel).toContainText(`The connection “${name}” was removed.`);
    await expect(lab.row('Only in the second')).toHaveCount(0);
    await expect(lab.cells.first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
});

for (const theme of ['JupyterLab Light', 'JupyterLab Dark', 'JupyterLab Dark High Contrast']) {
  test(`looks right in ${theme}`, async ({ lab, box, page }) => {
    await box.create('🦔'.repeat(40), '# x');
    await lab.command('apputils:change-theme', { theme });
    await lab.openFromList('Pricing council');
    await lab.command('posthog:refresh');
    await lab.row('Weekly funnel').click();
    await lab.panel.getByRole('button', { name: 'Recent' }).click();
    await expect(lab.row('Pricing council')).toContainText('Open in this page');

    await page.screenshot({ path: `test-results/sidebar ${theme}.png` });

    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 420, height: 800 });
    await page.screenshot({ path: `test-results/sidebar ${theme} narrow.png` });
  });
}
