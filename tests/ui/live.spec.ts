import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { BoxClient } from './box';
import { expect, LabPage, test } from './fixtures';

const TITLES = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map(name => `Live ${name}`);
const REST_CALLS = 12; // twice what a browser has connections for

/** Everything that a page opens besides plain requests. */
class Connections {
  constructor(page: Page) {
    page.on('websocket', socket => this.sockets.push(new URL(socket.url()).pathname));
    page.on('response', response => {
      if ((response.headers()['content-type'] ?? '').startsWith('text/event-stream')) {
        this.eventStreams.push(response.url());
      }
    });
    page.on('request', request => {
      if (request.resourceType() === 'eventsource' || request.url().includes('collab/stream')) {
        this.eventStreams.push(request.url());
      }
    });
  }

  readonly sockets: string[] = [];
  readonly eventStreams: string[] = [];

  get ofEvents(): string[] {
    return this.sockets.filter(path => path.endsWith('/api/events/subscribe'));
  }
}

async function openAll(lab: LabPage, box: BoxClient, titles: string[]): Promise<string[]> {
  const ids = [];
  for (const title of titles) {
    const shortId = await box.create(title, `# ${title}`);
    await open(lab, shortId);
    ids.push(shortId);
  }
  return ids;
}

async function open(lab: LabPage, shortId: string): Promise<void> {
  await lab.command('posthog:open-notebook', {
    connection: 'env',
    project_id: 1,
    short_id: shortId
  });
  await expect(lab.cells.first()).toBeVisible();
}

const openStreams = async (box: BoxClient, ids: string[]) => {
  const streams = await box.streams();
  return ids.map(id => streams[id] ?? 0);
};

test('six notebooks are live over one WebSocket, and an edit shows in the right one', async ({
  page,
  place
}) => {
  const connections = new Connections(page);
  const { box } = place;
  const lab = new LabPage(page, place.url);
  await lab.open();
  const ids = await openAll(lab, box, TITLES);
  await expect.poll(() => openStreams(box, ids)).toEqual([1, 1, 1, 1, 1, 1]);

  const statuses = await page.evaluate(
    async count =>
      Promise.all(
        Array.from({ length: count }, async () => (await fetch('/api/contents?content=0')).status)
      ),
    REST_CALLS
  );
  await box.saveAsGrace(ids[2] ?? '', '# Live Three, by Grace');
  const badges = page.locator('.jp-PosthogNews-text', { hasText: 'Changed by Grace Hopper' });
  await expect(badges).toHaveCount(1);
  await open(lab, ids[2] ?? '');
  await expect(lab.notebook.locator('.jp-PosthogNews-text')).toContainText('Changed by Grace');
  await expect(lab.notebook.locator('.jp-PosthogNews-people')).toContainText('Grace Hopper');

  console.log(
    `${connections.ofEvents.length} events WebSocket, ${connections.eventStreams.length} event ` +
      `streams of the page, ${ids.length} of the server, ${statuses.length} REST answers`
  );
  expect(connections.ofEvents).toHaveLength(1);
  expect(connections.eventStreams).toEqual([]);
  expect(statuses).toEqual(Array.from({ length: REST_CALLS }, () => 200));

  await lab.notebook.getByRole('button', { name: 'Reload' }).click();
  await expect(lab.cells.first()).toContainText('Live Three, by Grace');
  await expect(badges).toHaveCount(0);
  await lab.command('application:close-all');
  await expect.poll(() => openStreams(box, ids)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('what a person has typed is never loaded over', async ({ lab, box }) => {
  const [shortId] = await openAll(lab, box, ['Live and typed into']);
  await expect.poll(() => openStreams(box, [shortId ?? ''])).toEqual([1]);
  await lab.edit(lab.cells.first(), text => `${text} of Ada`);
  await box.saveAsGrace(shortId ?? '', '# Live, by Grace');
  const news = lab.notebook.locator('.jp-PosthogNews');
  await expect(news).toContainText('Changed by Grace Hopper');

  await news.getByRole('button', { name: 'Reload' }).click();

  await expect(lab.page.locator('.Toastify')).toContainText('You have edits here.');
  await expect(lab.cells.first()).toContainText('of Ada');
  const { violations } = await new AxeBuilder({ page: lab.page })
    .include('.jp-PosthogNews')
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
});

test('a save of our own is no news', async ({ lab, box }) => {
  const [shortId] = await openAll(lab, box, ['Live and saved']);
  await expect.poll(() => openStreams(box, [shortId ?? ''])).toEqual([1]);
  await lab.edit(lab.cells.first(), () => '# Saved by Ada');

  await lab.command('docmanager:save');
  await expect.poll(() => box.markdown(shortId ?? '')).toBe('# Saved by Ada');
  await expect.poll(() => lab.isDirty()).toBe(false);

  // The next news of the stream has come, so that of our own save has too.
  await box.saveAsGrace(shortId ?? '', '# Saved by Grace');
  const news = lab.notebook.locator('.jp-PosthogNews-text');
  await expect(news).toContainText('Changed by Grace Hopper');
  await expect(lab.page.locator('.jp-PosthogNews-text', { hasText: 'another tab' })).toHaveCount(0);
});

test('a used-up limit counts down in the panel and goes on by itself', async ({ lab, box }) => {
  const row = lab.panel.locator('.jp-PosthogRow').first();
  await expect(row).toBeVisible();
  await box.failNext({ path: '/notebooks/$', throttled_s: 4 });

  await lab.command('posthog:refresh');

  const notice = lab.panel.locator('.jp-PosthogNotice');
  await expect(notice).toContainText('The request limit of your team is used up.');
  await expect(notice).toContainText('Going on in 2 s.');
  await expect(notice).toHaveCount(0);
  await expect(row).toBeVisible();
});
