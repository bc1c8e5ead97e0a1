import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, LabPage, test as base } from './fixtures';
import { IReady, startBox, startLab, TestProcess } from './processes';

/** A Lab that no PostHog is connected to, and a box to connect it to. */
const test = base.extend<{ bare: { lab: LabPage; box: IReady; lab_process: TestProcess } }>({
  bare: async ({ page }, use) => {
    const box = await startBox('cloud');
    const { process, url } = await startLab({ PYTHON_KEYRING_BACKEND: NO_KEYRING });
    const lab = new LabPage(page, url);
    await lab.open();
    await lab.showPanel();
    await use({ lab, box: box.ready, lab_process: process });
    await process.stop();
    await box.process.stop();
  }
});

/** The keys of a test go into its own folder, never into this machine's keyring. */
const NO_KEYRING = 'keyring.backends.null.Keyring';

async function violations(page: Page, selector: string): Promise<unknown[]> {
  const found = await new AxeBuilder({ page }).include(selector).analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
}

async function fill(dialog: Locator, host: string, key: string): Promise<void> {
  await dialog.getByLabel('Other').check();
  await dialog.getByLabel('Address of your PostHog').fill(host);
  await dialog.getByLabel('Personal API key').fill(key);
}

test('the first connection is made in the page, by the keyboard, and its key leaves no trace', async ({
  page,
  bare: { lab, box, lab_process }
}) => {
  const sent: string[] = [];
  page.on('request', request => sent.push(request.url()));
  await lab.panel.getByRole('button', { name: 'Connect to PostHog…' }).click();
  const dialog = page.locator('.jp-PosthogConnectDialog');
  await expect(dialog.getByLabel('Personal API key')).toBeFocused();
  await expect(dialog.getByRole('link', { name: 'Create a key' })).toHaveAttribute(
    'href',
    'https://us.posthog.com/settings/user-api-keys'
  );
  await fill(dialog, box.url, box.keys.full ?? '');

  await page.keyboard.press('Enter');

  await expect(dialog).toContainText('Connected as');
  await expect(dialog.getByLabel('Personal API key')).toHaveValue('');
  await expect(dialog).toContainText('Key works · Ada Lovelace');
  await expect(dialog).toContainText('Start, stop and restart kernels');
  expect(await violations(page, '.jp-PosthogConnect')).toEqual([]);
  await page.screenshot({ path: 'test-results/connect.png' });

  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(lab.panel.locator('.jp-PosthogRow').first()).toBeVisible();
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(await page.content()).not.toContain(box.keys.full);
  expect(stored).not.toContain(box.keys.full);
  expect(sent.filter(url => url.includes(box.keys.full ?? ''))).toEqual([]);
  expect(lab_process.log).not.toContain(box.keys.full);
});

test('a key that does not work is told in one sentence, and another one can be tried', async ({
  page,
  bare: { lab, box }
}) => {
  await lab.command('posthog:show-panel');
  void lab.command('posthog:connect');
  const dialog = page.locator('.jp-PosthogConnectDialog');
  await fill(dialog, box.url, 'phx_wrong_wrong_wrong');

  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(dialog.getByRole('status')).toContainText('PostHog does not know this key.');
  await expect(dialog.getByLabel('Personal API key')).toHaveValue('');
  await dialog.getByLabel('Personal API key').fill(box.keys.read_only ?? '');
  await page.keyboard.press('Enter');

  await expect(dialog.getByRole('status')).toContainText('Connected as');
  const line = dialog.locator('li', { hasText: 'Write notebooks' });
  await expect(line).toHaveAttribute('data-ok', 'false');
  await line.getByText('Why?').click();
  await expect(line).toContainText('This key lacks notebook:write');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('the doctor says what works, tests, copies and removes', async ({
  page,
  context,
  bare: { lab, box }
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  void lab.command('posthog:connect');
  const dialog = page.locator('.jp-PosthogConnectDialog');
  await fill(dialog, box.url, box.keys.full ?? '');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('Connected as');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await lab.command('posthog:doctor');
  const doctor = page.locator('.jp-PosthogDoctor');
  await expect(doctor).toContainText('Server extension enabled');
  await expect(doctor).toContainText('Key works · Ada Lovelace');
  expect(await violations(page, '.jp-PosthogDoctor')).toEqual([]);
  await page.screenshot({ path: 'test-results/doctor.png' });

  await doctor.getByRole('button', { name: /^Test / }).click();
  await expect(doctor.getByRole('button', { name: /^Test / })).toHaveText('Test');
  await doctor.getByRole('button', { name: 'Copy as text' }).click();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain('✓ Key works · Ada Lovelace');
  expect(text).not.toContain(box.keys.full);

  await doctor.getByRole('button', { name: /^Remove / }).click();
  await page.locator('.jp-Dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(doctor).toContainText('No PostHog is connected.');
  await expect(lab.panel.getByRole('status').first()).toContainText('No PostHog is connected');
});
