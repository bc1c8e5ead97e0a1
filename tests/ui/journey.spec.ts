import { expect, ILabWindow, test } from './fixtures';

const QUERY = 'SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC LIMIT 3';
const MARKDOWN = [
  '# Weekly funnel',
  'Numbers for *this* week.',
  `<SQLV2 nodeId="q1" title="Orders" code="${QUERY}" returnVariable="orders" />`,
  '<PythonV2 nodeId="p1" code="print(len(orders), \'rows\')" returnVariable="df" />',
  '<Recording id="0191c3e0" timestampMs={84000} />\n\n\nA second card.',
  '<RoadmapCard nodeId="odd" items={[1.0,{"size":2}]} />'
].join('\n\n');

test('open from the sidebar, run, edit one paragraph, save exactly that', async ({
  lab,
  box,
  profile
}) => {
  const shortId = await box.create('Journey', MARKDOWN);
  await lab.command('posthog:refresh');
  await lab.openFromList('Journey');

  const [query, python] = [lab.cells.nth(1), lab.cells.nth(2)];
  await lab.run(query);
  // The grid is a canvas; the same rows as a table can be read.
  await query.getByRole('button', { name: 'As table' }).click();
  await expect(query.locator('.jp-OutputArea-output td').first()).toHaveText('$pageview');
  await lab.run(python);
  await expect(python.locator('.jp-OutputArea-output')).toHaveText('3 rows\n');
  await lab.page.screenshot({ path: `test-results/journey-${profile}.png` });

  const before = await box.markdown(shortId);
  await lab.edit(lab.cells.nth(0), text => text.replace('*this* week', '*last* week'));
  await lab.command('docmanager:save');
  await expect.poll(() => box.markdown(shortId)).not.toBe(before);

  // What ran goes with the save (design.md §5), where PostHog has a place for it: the legacy server keeps none of HogQL.
  const after = await box.markdown(shortId);
  const changed = diff(before, withoutResults(after));
  console.log(changed.join('\n'));
  expect(changed).toEqual(['- Numbers for *this* week.', '+ Numbers for *last* week.']);
  expect(after.match(RESULT)).toHaveLength(profile === 'legacy' ? 1 : 2);

  const saves = (await box.saves()).length;
  await expect.poll(() => lab.isDirty()).toBe(false);
  await lab.command('docmanager:save');
  await lab.page.evaluate(() =>
    (window as unknown as ILabWindow).jupyterapp.shell.currentWidget.context.save()
  );
  expect((await box.saves()).length).toBe(saves);
});

/** What a save adds to the tag of a cell that ran. */
const RESULT = / runId=(?:"[^"]*"|\{null\}) runStatus="done" result=\{\{.*\}\}(?= \/>)/g;

function withoutResults(markdown: string): string {
  return markdown.replace(RESULT, '');
}

/** The lines that differ, as a unified diff shows them. */
function diff(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter(line => !now.includes(line)).map(line => `- ${line}`),
    ...now.filter(line => !old.includes(line)).map(line => `+ ${line}`)
  ];
}
