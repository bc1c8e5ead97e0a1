import { BoxClient } from './box';
import { expect, test as base } from './fixtures';
import { connectionTo, startBox, startNotebook } from './processes';

interface INotebookPlace {
  notebook: { box: BoxClient; url: string };
}

/** Tests with Jupyter Notebook 7 in the place of Lab. */
export const test = base.extend<object, INotebookPlace>({
  notebook: [
    async ({}, use) => {
      const box = await startBox('cloud');
      const server = await startNotebook(connectionTo('cloud', box.ready));
      await use({ box: new BoxClient(box.ready), url: server.url });
      await server.process.stop();
      await box.process.stop();
    },
    { scope: 'worker', timeout: 180_000 }
  ]
});

export { expect };
