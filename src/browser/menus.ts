import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { Menu } from '@lumino/widgets';

/** One line of a menu: a command with its arguments, or a line between groups. */
export type MenuLine = { command: string; args: ReadonlyJSONObject } | 'separator';

/** Open a menu of commands below a button, which gets the focus back. */
export function openMenuBelow(
  anchor: HTMLElement,
  commands: JupyterFrontEnd['commands'],
  lines: MenuLine[]
): void {
  const menu = new Menu({ commands });
  for (const line of lines) {
    menu.addItem(line === 'separator' ? { type: 'separator' } : line);
  }
  anchor.setAttribute('aria-expanded', 'true');
  menu.aboutToClose.connect(() => {
    anchor.setAttribute('aria-expanded', 'false');
    anchor.focus();
    // The chosen command runs after the menu has closed.
    requestAnimationFrame(() => menu.dispose());
  });
  const { left, bottom } = anchor.getBoundingClientRect();
  menu.open(left, bottom);
  // With the keyboard, the first thing that can be chosen is at hand.
  menu.activeIndex = menu.items.findIndex(item => item.type === 'command' && item.isEnabled);
}
