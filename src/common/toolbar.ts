import { Widget } from '@lumino/widgets';

/** What the toolbar of a notebook that is not ours shows of us. */
export function nothing(): Widget {
  const widget = new Widget();
  widget.hide();
  return widget;
}
