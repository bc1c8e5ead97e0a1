import AxeBuilder from '@axe-core/playwright';
import { expect, LabPage, test } from './fixtures';
import { startBox, startLab, TestProcess } from './processes';

test.use({ boxOf: 'panel' });

test('the panel says where we are and finds notebooks on the server', async ({ lab, box }) => {
  await box.create('Needle in a haystack', '# Needle');
  await lab.command('posthog:refresh');
  await expect(lab.panel.getByRole('heading')).toHaveText('env · Hedgebox / Web app');
  const search = lab.panel.getByRole('searchbox');

  await search.fill('haystack');
  await expect(lab.panel.locator('.jp-PosthogRow')).toHaveCount(1);
  await search.fill('no such notebook');
  await expect(lab.panel.getByRole('status').first()).toContainText(
    'Nothing matches “no such notebook”.'
  );
  await lab.panel.getByRole('button', { name: 'Clear search' }).click();

  await expect(lab.row('Needle in a haystack')).toBeVisible();
});

test('a new notebook opens without a question about its kernel', async ({ lab }) => {
  await lab.panel.getByRole('button', { name: 'New PostHog notebook' }).click();

  await expect(lab.notebook).toBeVisible();
  await expect(lab.notebook.locator('.jp-Toolbar-kernelName')).toHaveText('PostHog (remote)');
  await expect(lab.page.locator('.jp-Dialog')).toHaveCount(0);
});

test('the panel has no accessibility violations', async ({ lab }) => {
  await expect(lab.panel.locator('.jp-PosthogRow').first()).toBeVisible();

  const { violations } = await new AxeBuilder({ page: lab.page })
    .include('#jp-posthog-panel')
    .analyze();

  expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
});

test.describe('What is wrong is one sentence in the panel', () => {
  const cases = [
    { name: 'a wrong key', key: 'phx_wrong_wrong_wrong', words: 'PostHog does not know this key' },
    { name: 'a host that is down', host: 'http://127.0.0.1:9', words: 'does not answer' },
    { name: 'no connection', none: true, words: 'No PostHog is connected' }
  ];

  for (const { name, key, host, none, words } of cases) {
    test(name, async ({ page }) => {
      const started: TestProcess[] = [];
      const box = await startBox('cloud');
      started.push(box.process);
      const connection = {
        POSTHOG_HOST: host ?? box.ready.url,
        POSTHOG_PERSONAL_API_KEY: key ?? box.ready.keys.full,
        POSTHOG_PROJECT_ID: '1'
      };
      const { process, url } = await startLab(none ? {} : connection);
      started.push(process);
      try {
        const lab = new LabPage(page, url);
        await lab.open();
        await lab.showPanel();

        await expect(lab.panel.getByRole('status').first()).toContainText(words);
        expect(process.log).not.toContain('Traceback');
        expect(process.log).not.toContain(connection.POSTHOG_PERSONAL_API_KEY);
      } finally {
        await Promise.all(started.map(other => other.stop()));
      }
    });
  }
});
