import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { BoxClient } from './box';
import { expect, LabPage, test as base } from './fixtures';
import { connectionTo, PYTHON, startBox, startLab } from './processes';

const NOTEBOOKS = 10_000;

interface IMany {
  lab: LabPage;
  box: BoxClient;
}

/** A Lab before a box with ten thousand notebooks. */
const test = base.extend<{ many: IMany }>({
  many: async ({ page }, use, info) => {
    const folder = info.outputPath('data');
    const script = join(__dirname, 'ten_thousand.py');
    execFileSync(PYTHON, [script, folder], { cwd: resolve(__dirname, '../..') });
    const box = await startBox('cloud', ['--no-rate-limits'], folder);
    const started = await startLab(connectionTo('cloud', box.ready));
    const lab = new LabPage(page, started.url);
    await lab.open();
    await use({ lab, box: new BoxClient(box.ready) });
    await started.process.stop();
    await box.process.stop();
  }
});

// Recording a trace takes pictures, which takes frames.
test.use({ trace: 'off' });

/** Scroll so many rows down, a bit with each frame; return frames per second. */
function scroll(
  page: Page,
  rows: number,
  seconds: number
): Promise<{ frames: number; slowestMs: number }> {
  return page.evaluate(
    async ([count, duration]) => {
      const scroller = document.querySelector('.jp-PosthogScroller') as HTMLElement;
      const row = document.querySelector('.jp-PosthogRow') as HTMLElement;
      const step = (row.getBoundingClientRect().height * count) / (duration * 60);
      scroller.scrollTop = 0;
      const times: number[] = [];
      await new Promise<void>(done => {
        const frame = (time: number) => {
          times.push(time);
          scroller.scrollTop += step;
          if (time - (times[0] ?? time) < duration * 1000) {
            requestAnimationFrame(frame);
          } else {
            done();
          }
        };
        requestAnimationFrame(frame);
      });
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
      const total = gaps.reduce((sum, gap) => sum + gap, 0);
      return { frames: (gaps.length / total) * 1000, slowestMs: Math.max(...gaps) };
    },
    [rows, seconds] as const
  );
}

test('ten thousand rows are scrolled smoothly, and only those in view are in the page', async ({
  many: { lab, box },
  page
}) => {
  await lab.showPanel();
  await expect(lab.panel.locator('.jp-PosthogCount')).toContainText('10000 notebooks');
  const first = lab.panel.locator('.jp-PosthogRow').first();
  await expect(first).toHaveAttribute('aria-setsize', String(NOTEBOOKS));

  const figures: number[] = [];
  for (const rows of [1_000, NOTEBOOKS]) {
    const { frames, slowestMs } = await scroll(page, rows, 5);
    figures.push(frames);
    const slowest = `slowest frame ${slowestMs.toFixed(0)} ms`;
    console.log(`${rows} rows in 5 s: ${frames.toFixed(1)} frames/s, ${slowest}`);
  }
  // The end of the list is fetched by its place, not page after page.
  await page.evaluate(() => {
    const scroller = document.querySelector('.jp-PosthogScroller') as HTMLElement;
    scroller.scrollTop = scroller.scrollHeight;
  });
  const last = lab.panel.locator(`[aria-posinset="${NOTEBOOKS}"]`);
  await expect(last).toContainText('10000 funnel');
  const pages = (await box.asked()).filter(({ path }) => path.endsWith('/notebooks/'));
  console.log(`${pages.length} pages of the list were asked for`);

  expect(await lab.panel.locator('[role=option]').count()).toBeLessThan(80);
  expect(Math.min(...figures)).toBeGreaterThanOrEqual(55);
});

test('the first rows cost one request once the page knows its place', async ({
  many: { lab, box },
  page
}) => {
  // Lab keeps what the page remembers a moment later.
  const remembered = page.waitForRequest(
    request =>
      request.method() === 'PUT' && (request.postData() ?? '').includes('jupyter-posthog:sidebar')
  );
  await lab.showPanel();
  await expect(lab.panel.locator('.jp-PosthogRow').first()).toBeVisible();
  await (await remembered).response();
  const before = await box.asked();
  await page.reload();
  await expect(lab.panel.locator('.jp-PosthogRow').first()).toBeVisible();

  const after = await box.asked();
  const requests = after.slice(before.length).map(({ method, path }) => `${method} ${path}`);
  expect(requests).toEqual(['GET /api/projects/1/notebooks/']);
});
