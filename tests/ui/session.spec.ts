import { expect, test } from './fixtures';

const RECORDING = '0191c3e0-0000-7000-8000-00000000f001';

test('a session sees the activity of its project, and opens what it names', async ({
  lab,
  box
}) => {
  const shortId = await box.create('Named by the feed', '# Named');
  await lab.command('posthog:show-activity');
  const feed = lab.page.locator('.jp-PosthogActivity:visible');
  const first = feed.getByRole('listitem').first();
  await expect(first).toContainText('created the notebook');

  await first.getByRole('button', { name: 'Named by the feed' }).click();

  await expect(lab.notebook).toContainText('Named');
  await expect(lab.page.locator('.lm-TabBar-tab.lm-mod-current', { hasText: shortId })).toHaveCount(
    1
  );
});

test('a session sees what notebooks say about a recording, each with a link to the moment', async ({
  lab
}) => {
  await lab.command('posthog:show-recording-comments');
  const page = lab.page.locator('.jp-PosthogActivity:visible');
  await page.getByLabel('Id or address of a recording').fill(RECORDING);
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(page.getByRole('status')).toHaveText(/^\d+ comments$/);

  const link = page.getByRole('link').first();
  await expect(link).toHaveText(/^\d+:\d\d$/);
  await expect(link).toHaveAttribute(
    'href',
    new RegExp(`/project/1/replay/${RECORDING}\\?t=\\d+$`)
  );
  await page.getByRole('listitem').first().getByRole('button').click();

  await expect(lab.notebook).toBeVisible();
});

test('a session starts, restarts and stops the kernel by commands', async ({ lab, box }) => {
  await lab.openNotebook(await box.create('Kernel by commands', '# Kernel'));
  const item = lab.page.locator('.jp-PosthogKernelItem');
  await expect(item).toHaveText('PostHog ○ no kernel');

  await lab.command('posthog:start-kernel');
  await expect(item).toContainText('PostHog ● idle');
  await lab.command('posthog:restart-kernel');
  await expect(item).toContainText('PostHog ● idle');
  await lab.command('posthog:stop-kernel');

  await expect(item).toHaveText('PostHog ○ no kernel');
});
