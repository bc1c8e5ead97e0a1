import { PageConfig } from '@jupyterlab/coreutils';
import { addressOn, INotebookAddress } from '../common/paths';

/** Where Lab finds the path in an address such as …/lab/tree/posthog:env/1/aB3dE5gH.ipynb. */
const OPTION = 'treePath';

/** Return the notebook of the address, if it names one of ours; Lab does not see it any more then. */
export function takeAddress(): INotebookAddress | null {
  const path = PageConfig.getOption(OPTION);
  const address = addressOn(path);
  if (address) {
    PageConfig.setOption(OPTION, '');
  }
  return address;
}
