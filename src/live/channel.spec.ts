import type { Event } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { LiveChannel } from './channel';

const ID = (name: string) => `https://schema.jupyter.org/jupyter_posthog/${name}/v1`;

function channel() {
  const stream = new Signal<object, Event.Emission>({});
  const one = new LiveChannel(stream);
  const heard: [string, unknown][] = [];
  one.changed.connect((_, event) => heard.push(['changed', event.short_id]));
  one.presence.connect((_, event) => heard.push(['presence', event.people]));
  one.saveState.connect((_, event) => heard.push(['saveState', event.state]));
  one.reverted.connect((_, event) => heard.push(['reverted', event.blocks]));
  one.kernelClock.connect((_, event) => heard.push(['kernelClock', event.status]));
  one.limits.connect((_, event) => heard.push(['limits', event.wait_s]));
  one.following.connect((_, event) => heard.push(['following', event.mode]));
  return { stream, one, heard };
}

describe('LiveChannel', () => {
  it('sorts what comes by its schema', () => {
    const { stream, heard } = channel();

    stream.emit({ schema_id: ID('notebook_changed'), short_id: 'a' });
    stream.emit({ schema_id: ID('notebook_presence'), people: ['Grace'] });
    stream.emit({ schema_id: ID('save_state'), state: 'saved' });
    stream.emit({ schema_id: ID('edits_reverted'), blocks: 2 });
    stream.emit({ schema_id: ID('kernel_clock'), status: 'running' });
    stream.emit({ schema_id: ID('limit_pause'), wait_s: 24 });
    stream.emit({ schema_id: ID('notebook_following'), mode: 'stream' });

    expect(heard).toEqual([
      ['changed', 'a'],
      ['presence', ['Grace']],
      ['saveState', 'saved'],
      ['reverted', 2],
      ['kernelClock', 'running'],
      ['limits', 24],
      ['following', 'stream']
    ]);
  });

  it('leaves the events of others alone', () => {
    const { stream, heard } = channel();

    stream.emit({ schema_id: 'https://events.jupyter.org/jupyter_server/contents_service/v1' });
    stream.emit({ schema_id: `${ID('notebook_changed')}/more` });

    expect(heard).toEqual([]);
  });

  it('hears nothing after its end', () => {
    const { stream, one, heard } = channel();
    one.dispose();

    stream.emit({ schema_id: ID('notebook_changed'), short_id: 'a' });

    expect(heard).toEqual([]);
  });
});
