import { expect, LabPage, test } from './fixtures';
import { connectionTo, startBox, startNotebook } from './processes';

test('an address of Notebook 7 opens a notebook, and its commands are in the menu', async ({
  page,
  context
}) => {
  const box = await startBox('cloud');
  const started = await startNotebook(connectionTo('cloud', box.ready));
  try {
    const link = encodeURIComponent(`${box.ready.url}/project/1/notebooks/wFunnel001`);
    const opening = context.waitForEvent('page');
    await page.goto(`${started.url}/tree?posthog=${link}`);
    const opened = new LabPage(await opening, started.url);
    await expect(opened.cells.first()).toContainText('Weekly funnel');
    expect(page.url()).not.toContain('posthog=');

    await opened.page.getByRole('menuitem', { name: 'PostHog', exact: true }).click();
    await opened.page.locator('.lm-Menu').last().getByText('Rename PostHog Notebook…').click();
    await opened.dialog.getByRole('textbox').fill('Funnel of the week');
    await opened.page.keyboard.press('Enter');
    await expect(opened.page).toHaveTitle(/Funnel of the week/);

    await page.goto(`${started.url}/tree?posthog=no%20notebook`);
    await expect(page.locator('.jp-Dialog')).toContainText('“no notebook” is neither');
  } finally {
    await started.process.stop();
    await box.process.stop();
  }
});
