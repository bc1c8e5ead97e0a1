import AxeBuilder from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import type { BoxClient } from './box';
import { expect, LabPage, test } from './fixtures';

const FIRST = '# Funnel\n\n\nWe saw growth.\n\n\n<Query nodeId="q1" kind="TrendsQuery" />';
const SECOND = FIRST.replace('growth', 'decline');

async function opened(lab: LabPage, box: BoxClient, title: string): Promise<string> {
  const shortId = await box.create(title, FIRST);
  await lab.openNotebook(shortId);
  await expect.poll(async () => (await box.streams())[shortId]).toBe(1);
  await box.saveAsGrace(shortId, SECOND);
  await expect(lab.cells.nth(1)).toContainText('decline');
  return shortId;
}

function page(lab: LabPage): Locator {
  return lab.page.locator('.jp-PosthogPast:visible');
}

async function violations(lab: LabPage, part: string): Promise<unknown[]> {
  // Lab's own editors have no names.
  const builder = new AxeBuilder({ page: lab.page }).include(part).exclude('.cm-content');
  const report = await builder.analyze();
  return report.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
}

test('a notebook is looked at as it was, compared with now, restored, and that is undone', async ({
  lab,
  box
}) => {
  await lab.page.setViewportSize({ width: 1600, height: 900 }); // else the button is in the toolbar's own menu
  const shortId = await opened(lab, box, 'History restored');
  await lab.notebook.getByRole('button', { name: 'History of this notebook' }).click();
  const past = page(lab);
  await expect(past).toContainText('History of “History restored”');
  await expect(past).toContainText('Grace edited it');

  await past
    .getByRole('button', { name: /^Version/ })
    .last()
    .click();

  await expect(past.locator('del')).toHaveText('- We saw growth.\n');
  await expect(past.locator('ins')).toHaveText('+ We saw decline.\n');
  await past.getByRole('button', { name: 'As it was' }).click();
  const preview = past.locator('.jp-PosthogPreview');
  await expect(preview.locator('.jp-MarkdownOutput').nth(1)).toHaveText('We saw growth.');
  await expect(preview).toContainText('TrendsQuery');
  expect(await violations(lab, '.jp-PosthogHistory')).toEqual([]);
  await lab.page.screenshot({ path: 'test-results/history.png' });

  await past.getByRole('button', { name: 'Restore this' }).click();

  await expect.poll(() => box.markdown(shortId)).toBe(FIRST);
  const toast = lab.page.locator('.Toastify__toast', { hasText: 'The notebook is restored.' });
  await lab.openNotebook(shortId);
  await expect(lab.cells.nth(1)).toContainText('growth');
  await expect(lab.state).toHaveText(/^Saved|Changed/);
  expect(await lab.isDirty()).toBe(false);
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => box.markdown(shortId)).toBe(SECOND);
  await expect(lab.cells.nth(1)).toContainText('decline');
});

test('the edits of the open notebook are saved before it is restored', async ({ lab, box }) => {
  const shortId = await opened(lab, box, 'History with edits');
  await lab.command('posthog:show-history');
  await page(lab)
    .getByRole('button', { name: /^Version/ })
    .last()
    .click();
  await lab.openNotebook(shortId);
  await lab.edit(lab.cells.nth(1), () => 'Mine.');
  await lab.command('posthog:show-history');

  await page(lab).getByRole('button', { name: 'Restore this' }).click();

  await expect.poll(() => box.markdown(shortId)).toBe(FIRST);
  await expect(page(lab)).toContainText('The cells are the same as now.');
  const versions = page(lab).getByRole('button', { name: /^Version/ });
  await expect(versions).toHaveCount(4);
  await versions.nth(1).click();
  await expect(page(lab).locator('del')).toHaveText('- Mine.\n');
});

test('a key that may not read activity sees the reason, and what is kept here', async ({
  lab,
  box
}) => {
  await opened(lab, box, 'History without scope');
  const detail = "API key missing required scope 'activity_log:read'";
  const body = { type: 'authentication_error', code: 'permission_denied', detail, attr: null };
  await box.failNext({ method: 'GET', path: '/activity/?$', status: 403, body });

  await lab.command('posthog:show-history');

  await expect(page(lab).locator('.jp-PosthogHistory-refusal')).toContainText('activity_log:read');
  await expect(
    page(lab)
      .getByRole('button', { name: /^Version/ })
      .first()
  ).toBeVisible();
});

test('the activity of a project is listed, or it is said what a key cannot see', async ({
  lab,
  box
}) => {
  await opened(lab, box, 'In the feed');
  await lab.command('posthog:show-activity');
  await expect(page(lab).getByRole('alert')).toContainText('to a browser session only');
  await expect(
    page(lab).getByRole('button', { name: 'What this connection can do' })
  ).toBeVisible();
  expect(await violations(lab, '.jp-PosthogActivity')).toEqual([]);
});

test('comments on a recording: what was typed is checked, a key hears why it sees none', async ({
  lab
}) => {
  await lab.command('posthog:show-recording-comments');
  const field = page(lab).getByLabel('Id or address of a recording');
  await field.fill('two words');
  await field.press('Enter');
  await expect(page(lab).getByRole('alert')).toContainText('neither the id of a recording');

  await field.fill('https://us.posthog.com/project/1/replay/0191c3e0-0000-7000-8000-0000000000cc');
  await field.press('Enter');

  await expect(page(lab).getByRole('alert')).toContainText('to a browser session only');
});
