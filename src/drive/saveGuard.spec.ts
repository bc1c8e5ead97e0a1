import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { SaveGuard } from './saveGuard';

class Context {
  readonly saveState = new Signal<this, string>(this);
  readonly model = {
    contentChanged: new Signal<object, void>({}),
    dirty: true
  };
}

describe('SaveGuard', () => {
  it('keeps a notebook dirty that was typed into while it was saved', () => {
    const context = new Context();
    new SaveGuard(context);

    context.saveState.emit('started');
    context.model.contentChanged.emit();
    context.model.dirty = false; // as Lab does when the PUT returns
    context.saveState.emit('completed');

    expect(context.model.dirty).toBe(true);
  });

  it('leaves a notebook clean that nobody touched', () => {
    const context = new Context();
    const guard = new SaveGuard(context);

    context.model.contentChanged.emit();
    context.saveState.emit('started');
    guard.ignoring(() => context.model.contentChanged.emit());
    context.model.dirty = false;
    context.saveState.emit('completed');

    expect(context.model.dirty).toBe(false);
  });

  it('begins anew with each save', () => {
    const context = new Context();
    new SaveGuard(context);
    context.saveState.emit('started');
    context.model.contentChanged.emit();
    context.saveState.emit('completed');

    context.saveState.emit('started');
    context.model.dirty = false;
    context.saveState.emit('completed');

    expect(context.model.dirty).toBe(false);
  });
});
