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
    await lab.openNotebook(shortId);
    ids.push(shortId);
  }
  return ids;
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
  const badges = page.locator('.jp-PosthogState-text', { hasText: 'Changed by Grace Hopper' });
  await expect(badges).toHaveCount(1);
  await lab.openNotebook(ids[2] ?? '');
  await expect(lab.state).toHaveText('Changed by Grace Hopper, just now — merged');
  await expect(lab.cells.first()).toContainText('Live Three, by Grace');
  await expect(lab.notebook.locator('.jp-PosthogState-people')).toContainText('Grace Hopper');

  console.log(
    `${connections.ofEvents.length} events WebSocket, ${connections.eventStreams.length} event ` +
      `streams of the page, ${ids.length} of the server, ${statuses.length} REST answers`
  );
  expect(connections.ofEvents).toHaveLength(1);
  expect(connections.eventStreams).toEqual([]);
  expect(statuses).toEqual(Array.from({ length: REST_CALLS }, () => 200));

  await lab.command('application:close-all');
  await expect.poll(() => openStreams(box, ids)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('a change comes into an untouched notebook in place: scroll and selection stay', async ({
  lab,
  box
}) => {
  const long = Array.from({ length: 60 }, (_, index) => `Paragraph ${index}`).join('\n\n\n');
  const shortId = await box.create('Live and long', `# Top\n\n\n${long}\n\n\nThe end`);
  await lab.openNotebook(shortId);
  await expect.poll(() => openStreams(box, [shortId])).toEqual([1]);
  const row = lab.cells.filter({ hasText: 'Paragraph 30' });
  await row.scrollIntoViewIfNeeded();
  await row.click();
  const before = await scrollOf(lab);
  expect(before).toBeGreaterThan(0);

  const text = await box.markdown(shortId);
  await box.saveAsGrace(shortId, text.replace('Paragraph 31', 'Paragraph by Grace'));

  await expect(lab.cells.filter({ hasText: 'Paragraph by Grace' })).toHaveCount(1);
  await expect(lab.state).toContainText('Changed by Grace Hopper, just now — merged');
  expect(Math.abs((await scrollOf(lab)) - before)).toBeLessThan(5);
  await expect(row).toHaveClass(/jp-mod-active/);
  expect(await lab.isDirty()).toBe(false);
  const saves = (await box.saves()).length;
  await lab.command('docmanager:save');
  await expect(lab.dialog).toHaveCount(0);
  expect((await box.saves()).length).toBe(saves);
});

test('a code cell that others changed takes the stored result, and other cells keep theirs', async ({
  lab,
  box
}) => {
  const code = (nodeId: string, text: string, result = '') =>
    `<PythonV2 nodeId="${nodeId}" code="${text}" returnVariable="df"${result} />`;
  const before = [code('p1', 'print(1)'), code('p2', 'print(2)')].join('\n\n');
  const shortId = await box.create('Live with results', before);
  await lab.openNotebook(shortId);
  await expect.poll(() => openStreams(box, [shortId])).toEqual([1]);
  await lab.run(lab.cells.nth(0));
  await lab.run(lab.cells.nth(1));
  const outputs = lab.cells.locator('.jp-OutputArea-output');
  await expect(outputs).toHaveText(['1\n', '2\n']);
  await lab.command('docmanager:save');
  await expect(lab.state).toHaveText('Saved');

  const text = await box.markdown(shortId);
  await box.saveAsGrace(
    shortId,
    text.replace('code="print(2)"', 'code="print(3)"').replace('"stdout":"2\\n"', '"stdout":"3\\n"')
  );

  await expect(lab.state).toContainText('merged');
  await expect(lab.cells.nth(1).locator('.cm-content')).toHaveText('print(3)');
  await expect(outputs).toHaveText(['1\n', '3\n']);
});

test('what a person has typed is never loaded over; one click merges both', async ({
  lab,
  box
}) => {
  const shortId = await box.create('Live and typed into', '# One\n\n\nTwo');
  await lab.openNotebook(shortId);
  await expect.poll(() => openStreams(box, [shortId])).toEqual([1]);
  await lab.edit(lab.cells.nth(0), () => '# One of Ada');
  await expect(lab.state).toHaveText('1 change not in PostHog');
  await box.saveAsGrace(shortId, '# One\n\n\nTwo of Grace');
  await expect(lab.state).toHaveText('Changed by Grace Hopper, just now — look');
  await expect(lab.cells.nth(0)).toContainText('of Ada');

  const details = await lab.details();
  await expect(details).toContainText('Cell 1 was edited');
  const [button, below] = [await lab.state.boundingBox(), await details.boundingBox()];
  expect(below?.y).toBeGreaterThan((button?.y ?? 0) + (button?.height ?? 0) - 1);
  await lab.page.screenshot({ path: 'test-results/state.png' });
  const { violations } = await new AxeBuilder({ page: lab.page })
    .include('.jp-PosthogState')
    .include('.jp-PosthogPopover')
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
  await details.getByRole('button', { name: 'Save and merge now' }).click();

  await expect.poll(() => box.markdown(shortId)).toBe('# One of Ada\n\n\nTwo of Grace');
  await expect(lab.cells.nth(1)).toContainText('Two of Grace');
  await expect(lab.state).toContainText('merged');
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
  await expect(lab.state).toContainText('Changed by Grace Hopper');
  await expect(lab.page.locator('.jp-PosthogState-text', { hasText: 'another tab' })).toHaveCount(
    0
  );
});

async function scrollOf(lab: LabPage): Promise<number> {
  return lab.notebook
    .locator('.jp-WindowedPanel-outer')
    .evaluate(element => Math.round(element.scrollTop));
}

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
