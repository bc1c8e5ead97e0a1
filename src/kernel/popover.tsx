import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { sentence } from '../common/messages';
import type { IControlsState } from './controls';
import type { IKernel, IKernelFrame, IKernelSize } from './desk';
import { SizeForm } from './sizeForm';
import { frameOf, isRunning, spanOf, stateOf } from './words';

/** What the popover needs. */
export interface IKernelPopoverProps {
  state: IControlsState;
  isBusy: boolean;
  onStop: () => void;
  onRestart: () => void;
  onPreview: (size: IKernelSize) => void;
  onResize: (size: IKernelSize) => void;
  onPreviewFrame: (name: string) => void;
  trans: TranslationBundle;
}

/** One kernel: how it is, what is in it, its size, its end. */
export function KernelPopover(props: IKernelPopoverProps): JSX.Element {
  const { state, isBusy, trans } = props;
  const { kernel, error } = state;
  const section = React.useRef<HTMLElement>(null);
  // Whoever opened it by keyboard is in it then, and Escape closes it.
  React.useEffect(() => section.current?.focus(), []);
  return (
    <section
      ref={section}
      className="jp-PosthogKernel"
      tabIndex={-1}
      aria-label={trans.__("PostHog's kernel")}
    >
      {kernel ? (
        <>
          <Head kernel={kernel} isBusy={isBusy} trans={trans} />
          <Frames frames={kernel.frames} onPreview={props.onPreviewFrame} trans={trans} />
          {isRunning(kernel.state) && <Ends {...props} kernel={kernel} />}
          <SizeForm
            kernel={kernel}
            options={state.options}
            effect={state.effect}
            isActing={state.phase === 'acting'}
            onPreview={props.onPreview}
            onResize={props.onResize}
            trans={trans}
          />
        </>
      ) : (
        error === null && <p>{trans.__('Asking PostHog…')}</p>
      )}
      {error !== null && <p role="alert">{sentence(trans, error)}</p>}
    </section>
  );
}

function Head(props: { kernel: IKernel; isBusy: boolean; trans: TranslationBundle }): JSX.Element {
  const { kernel, isBusy, trans } = props;
  const span = isRunning(kernel.state) ? spanOf(kernel, trans) : '';
  const state = stateOf(kernel.state, isBusy, trans);
  return (
    <>
      <h2>{trans.__("PostHog's kernel: %1", state)}</h2>
      {span && <p>{span}</p>}
      {kernel.last_error && <p>{kernel.last_error}</p>}
    </>
  );
}

function Frames(props: {
  frames: IKernelFrame[];
  onPreview: (name: string) => void;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { frames, onPreview, trans } = props;
  if (frames.length === 0) {
    return null;
  }
  return (
    <>
      <h3 id="jp-posthog-kernel-frames">{trans._n('%1 frame', '%1 frames', frames.length)}</h3>
      {/* A list that scrolls must be reachable by keyboard. */}
      <ul aria-labelledby="jp-posthog-kernel-frames" tabIndex={0}>
        {frames.map(frame => (
          <li key={frame.name}>
            <button
              type="button"
              className="jp-PosthogKernel-frame"
              title={trans.__('Show its first rows in a new cell')}
              onClick={() => onPreview(frame.name)}
            >
              {frame.name}
            </button>
            <span>{frameOf(frame, trans)}</span>
          </li>
        ))}
      </ul>
      <p>{trans.__('A cell `%posthog pull NAME` saves one on this machine.')}</p>
    </>
  );
}

/** Both ways to end a kernel; what is in it makes them ask first. */
function Ends(props: IKernelPopoverProps & { kernel: IKernel }): JSX.Element {
  const { kernel, trans } = props;
  const [asked, setAsked] = React.useState<'stop' | 'restart' | null>(null);
  const isActing = props.state.phase === 'acting';
  const actions = { stop: props.onStop, restart: props.onRestart };
  const labels = { stop: trans.__('Stop now'), restart: trans.__('Restart') };
  const act = (action: 'stop' | 'restart') => {
    if (isActing) {
      return;
    }
    if (asked === null && kernel.frames.length > 0) {
      setAsked(action);
    } else {
      setAsked(null);
      actions[action]();
    }
  };
  if (asked !== null) {
    const names = kernel.frames.map(frame => frame.name).join(', ');
    return (
      <div role="group" aria-label={labels[asked]}>
        <p role="status">{trans.__('These would be lost: %1.', names)}</p>
        <div className="jp-PosthogKernel-row">
          <button type="button" onClick={() => act(asked)}>
            {labels[asked]}
          </button>
          <button type="button" autoFocus onClick={() => setAsked(null)}>
            {trans.__('Leave it')}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div className="jp-PosthogKernel-row">
      <button type="button" aria-disabled={isActing} onClick={() => act('stop')}>
        {labels.stop}
      </button>
      <button type="button" aria-disabled={isActing} onClick={() => act('restart')}>
        {labels.restart}
      </button>
    </div>
  );
}
