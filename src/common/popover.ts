import type { ReactWidget } from '@jupyterlab/ui-components';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

/** How far it stays from the edges of the window, in pixels. */
const MARGIN = 8;

/** A box below a button; a click elsewhere, Escape, or its own end closes it. */
export class Popover extends Widget {
  constructor(anchor: HTMLElement, body: ReactWidget, label: string) {
    super();
    this._anchor = anchor;
    this.addClass('jp-PosthogPopover');
    this.node.setAttribute('role', 'dialog');
    this.node.setAttribute('aria-label', label);
    this.node.tabIndex = -1;
    this._body = body;
  }

  /** Show it and move the focus into it. */
  open(): void {
    Widget.attach(this, document.body);
    Widget.attach(this._body, this.node);
    MessageLoop.flush();
    requestAnimationFrame(() => {
      if (!this.isDisposed) {
        this._place();
        (this.node.querySelector('button') ?? this.node).focus();
      }
    });
    document.addEventListener('pointerdown', this._onPointerDown, true);
    this.node.addEventListener('keydown', this._onKeyDown);
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    document.removeEventListener('pointerdown', this._onPointerDown, true);
    const hadFocus = this.node.contains(document.activeElement);
    Widget.detach(this._body);
    this._body.dispose();
    super.dispose();
    if (hadFocus) {
      this._anchor.focus();
    }
  }

  private _place(): void {
    const { left, bottom } = this._anchor.getBoundingClientRect();
    const { width } = this.node.getBoundingClientRect();
    const farthest = window.innerWidth - width - MARGIN;
    this.node.style.left = `${Math.max(MARGIN, Math.min(left, farthest))}px`;
    this.node.style.top = `${bottom}px`;
    this.node.style.maxHeight = `${window.innerHeight - bottom - MARGIN}px`;
  }

  private readonly _onPointerDown = (event: Event): void => {
    const target = event.target as Node;
    if (!this.node.contains(target) && !this._anchor.contains(target)) {
      this.dispose();
    }
  };

  private readonly _onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.dispose();
    }
  };

  private readonly _anchor: HTMLElement;
  private readonly _body: ReactWidget;
}
