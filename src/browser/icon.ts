import { LabIcon } from '@jupyterlab/ui-components';
import svgstr from '../../style/notebook.svg';

/** The sidebar's icon: a page with bars on it. */
export const posthogIcon = new LabIcon({ name: 'jupyter-posthog:logo', svgstr });
