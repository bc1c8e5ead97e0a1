import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

test.use({ boxOf: 'sidebar' });

/** Rows that were not fetched yet have no title, and PostHog sorts notebooks without one by itself. */
const isTitle = (title: string) => title !== '' && title !== 'Untitled';

/** Menus of Lab stand beside the panel. */
const menu = (page: Page) => page.locator('.lm-Menu').last();

// Lab puts the keyboard into its launcher at the end of its start, wherever it was.
test.beforeEach(async ({ lab }) => {
  await expect(lab.page.locator('.jp-Launcher')).toBeFocused();
});

async function violations(page: Page): Promise<unknown[]> {
  const found = await new AxeBuilder({ page }).include('#jp-posthog-panel').analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
}

test('the whole list is used by the keyboard', async ({ lab, page }) => {
  await expect(lab.row('Weekly funnel')).toBeVisible();
  const list = lab.panel.getByRole('listbox');
  const active = () =>
    lab.panel.locator('[role=option][data-active=true] .jp-PosthogRow-title').textContent();
  await lab.panel.getByRole('searchbox').focus();
  await page.keyboard.press('ArrowDown');
  await expect(list).toBeFocused();
  const titles = await lab.titles();

  await page.keyboard.press('ArrowDown');
  expect(await active()).toBe(titles[1]);
  await page.keyboard.press('End');
  const last = lab.panel.locator('[role=option][data-active=true]');
  expect(await last.getAttribute('aria-posinset')).toBe(await last.getAttribute('aria-setsize'));
  await page.keyboard.press('Home');
  expect(await active()).toBe(titles[0]);
  await page.keyboard.press('PageDown');
  expect(titles.indexOf((await active()) ?? '')).toBeGreaterThan(5);
  await page.keyboard.type('ret');
  expect(await active()).toBe('Retention by sign-up week');
  const id = await lab.panel.locator('[data-active=true]').getAttribute('id');
  await expect(list).toHaveAttribute('aria-activedescendant', id ?? '');

  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(lab.panel.locator('[role=option][aria-selected=true]')).toHaveCount(3);
  await page.keyboard.press('Escape');
  await expect(lab.panel.locator('[role=option][aria-selected=true]')).toHaveCount(0);

  await page.keyboard.press('/');
  await expect(lab.panel.getByRole('searchbox')).toBeFocused();
  await expect(lab.panel.getByRole('searchbox')).toHaveValue('');
  await page.keyboard.type('funnel');
  await expect(lab.row('Retention by sign-up week')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(lab.panel.getByRole('searchbox')).toHaveValue('');
  await expect(lab.row('Retention by sign-up week')).toBeVisible();

  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('weekly');
  await page.keyboard.press('Enter');
  await expect(lab.cells.first()).toBeVisible();
  await expect(lab.row('Weekly funnel')).toContainText('Open in this page');
});

test('the menu of a row opens by keyboard and mouse, about what is selected', async ({
  lab,
  page
}) => {
  await lab.row('Weekly funnel').click();
  await lab.row('Pricing council').click({ modifiers: ['Control'] });

  await lab.row('Pricing council').click({ button: 'right' });
  await expect(menu(page)).toContainText('Move to Trash');
  await expect(lab.panel.locator('[aria-selected=true]')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await lab.row('Scratch').click();
  await page.keyboard.press('Shift+F10');

  await expect(menu(page)).toContainText('Copy Link');
  await expect(lab.panel.locator('[aria-selected=true]')).toHaveCount(1);
  await page.keyboard.press('Escape');
});

test('filters are asked of the server, named in what stands in place of nothing, and cleared', async ({
  lab,
  page
}) => {
  const asked: URL[] = [];
  page.on('request', request => void asked.push(new URL(request.url())));
  const chip = (name: string) => lab.panel.getByRole('button', { name: new RegExp(`^${name}`) });
  await expect(lab.row('Scratch')).toBeVisible();

  await chip('Author').click();
  await menu(page).getByText('Grace Hopper', { exact: true }).click();
  await expect(lab.row('Weekly funnel')).toHaveCount(0);
  await expect(lab.row('Scratch')).toBeVisible();
  await expect(chip('Author')).toHaveText('Grace Hopper');
  await expect(chip('Author')).toBeFocused();
  await chip('Mine').click();
  await expect(chip('Mine')).toHaveAttribute('aria-pressed', 'true');
  await expect(lab.row('Weekly funnel')).toBeVisible();
  await expect(chip('Author')).toHaveText('Any author');

  await chip('Modified since').click();
  await menu(page).getByText('Last 7 days').click();
  await chip('Contains').click();
  await expect(menu(page)).toContainText('PostHog does not look into Markdown notebooks');
  await menu(page).getByText('Recordings', { exact: true }).click();
  await expect(lab.row('Session review: checkout')).toBeVisible();
  await expect(lab.panel).toContainText('in rich notebooks only, not in Markdown ones');
  await lab.panel.getByRole('searchbox').fill('nowhere to be found');

  const notice = lab.panel.locator('.jp-PosthogNotice');
  await expect(notice).toContainText('Nothing matches “nowhere to be found” with 3 filters.');
  expect(await violations(page)).toEqual([]);
  await notice.getByRole('button', { name: 'Clear filters' }).click();
  await expect(lab.row('Scratch')).toBeVisible();
  const query = [...asked].reverse().find(url => url.searchParams.has('contains'))?.searchParams;
  expect(query?.get('user')).toBe('true');
  expect(query?.get('date_from')).toBe('-7d');
});

test('the order is chosen, and remembered with the place', async ({ lab, page }) => {
  await expect(lab.row('Weekly funnel')).toBeVisible();
  const remembered = page.waitForRequest(
    request => request.method() === 'PUT' && (request.postData() ?? '').includes('"sort":"title"')
  );

  await lab.panel.getByRole('button', { name: /^Sorted by/ }).click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');

  await expect.poll(async () => (await lab.titles()).filter(isTitle)[0]).toMatch(/^A/);
  await (await remembered).response();
  await page.reload();
  await expect(lab.rows.first()).toBeVisible();
  await expect(lab.panel.getByRole('button', { name: /^Sorted by/ })).toHaveText(/Title ↑/);
  const titles = (await lab.titles()).filter(isTitle);
  expect(titles).toEqual([...titles].sort());
});

test('titles of any kind are text', async ({ lab, box, page }) => {
  const alerts: string[] = [];
  page.on('dialog', dialog => {
    alerts.push(dialog.message());
    void dialog.dismiss();
  });
  const emoji = '🦔'.repeat(256);
  const html = '<img src=x onerror=alert(1)><b>bold</b>';
  const rtl = 'دفتر الملاحظات 123';
  for (const title of [emoji, html, rtl]) {
    await box.create(title, '# x');
  }
  await lab.command('posthog:refresh');

  await expect(lab.row(html)).toBeVisible();
  await expect(lab.row(html).locator('b, img')).toHaveCount(0);
  await expect(lab.row(rtl).locator('.jp-PosthogRow-title')).toHaveCSS('direction', 'rtl');
  const height = (title: string) => lab.row(title).evaluate(row => row.clientHeight);
  expect(await height(emoji)).toBe(await height('Weekly funnel'));
  await lab.row(emoji).dblclick();
  await expect(lab.cells.first()).toBeVisible();
  await expect(lab.row(emoji)).toContainText('Open in this page');
  expect(alerts).toEqual([]);
});

test('sections below the list stay as they were left', async ({ lab, page }) => {
  await lab.openFromList('Metrics catalogue');
  const recent = lab.panel.getByRole('button', { name: 'Recent' });
  const remembered = page.waitForRequest(
    request =>
      request.method() === 'PUT' && (request.postData() ?? '').includes('"isRecentOpen":true')
  );
  await recent.click();
  const shelf = lab.panel.getByRole('region', { name: 'Recent' });
  await expect(shelf.getByRole('button', { name: 'Metrics catalogue' })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await (await remembered).response();
  await page.reload();

  await expect(recent).toHaveAttribute('aria-expanded', 'true');
  await expect(shelf.getByRole('button', { name: 'Metrics catalogue' })).toBeVisible();
});
