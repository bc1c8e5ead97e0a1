import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IKernel, IKernelOptions, IKernelSize, ISizeEffect } from './desk';
import { effectOf } from './words';

/** What the form needs. */
export interface ISizeFormProps {
  kernel: IKernel;
  options: IKernelOptions | null;
  effect: ISizeEffect | null;
  isActing: boolean;
  onPreview: (size: IKernelSize) => void;
  onResize: (size: IKernelSize) => void;
  trans: TranslationBundle;
}

/** Another size or lifetime; what it costs and destroys stands above the button. */
export function SizeForm(props: ISizeFormProps): JSX.Element | null {
  const { kernel, options, effect, trans } = props;
  const [wanted, setWanted] = React.useState<IKernelSize>({});
  if (!options) {
    return null;
  }
  const now: IKernelSize = {
    cpu_cores: kernel.cpu_cores ?? undefined,
    memory_gb: kernel.memory_gb ?? undefined,
    idle_timeout_seconds: kernel.lifetime_s
  };
  const choose = (name: keyof IKernelSize) => (value: number) => {
    const next = { ...wanted, [name]: value };
    if (value === now[name]) {
      delete next[name];
    }
    setWanted(next);
    props.onPreview(next);
  };
  const isChanged = Object.keys(wanted).length > 0;
  const onSubmit = (event: React.FormEvent) => {
    event.preventDefault();
    if (isChanged && !props.isActing) {
      setWanted({});
      props.onResize(wanted);
    }
  };
  const choice = (name: keyof IKernelSize, label: string, values: number[], unit: Unit) => (
    <Choice
      label={label}
      values={values}
      value={wanted[name] ?? now[name]}
      unit={unit}
      onChoose={choose(name)}
    />
  );
  return (
    <form onSubmit={onSubmit}>
      <h3>{trans.__('Size')}</h3>
      <div className="jp-PosthogKernel-row">
        {choice('cpu_cores', trans.__('Cores'), options.allowed_cpu_cores, String)}
        {choice('memory_gb', trans.__('Memory'), options.allowed_memory_gb, value =>
          trans.__('%1 GB', value)
        )}
        {choice(
          'idle_timeout_seconds',
          trans.__('Lifetime'),
          options.allowed_idle_timeout_seconds,
          value => lifetimeOf(value, trans)
        )}
      </div>
      <p role="status">{isChanged && effect ? effectOf(effect, trans) : ''}</p>
      <button type="submit" aria-disabled={!isChanged || props.isActing}>
        {trans.__('Change the size')}
      </button>
    </form>
  );
}

type Unit = (value: number) => string;

function Choice(props: {
  label: string;
  values: number[];
  value: number | undefined;
  unit: Unit;
  onChoose: (value: number) => void;
}): JSX.Element {
  const { label, value, unit } = props;
  // What PostHog's default gives need not be among what it allows.
  const values =
    value === undefined || props.values.includes(value)
      ? props.values
      : [...props.values, value].sort((left, right) => left - right);
  return (
    <label>
      {label}
      <select value={value} onChange={event => props.onChoose(Number(event.target.value))}>
        {values.map(one => (
          <option key={one} value={one}>
            {unit(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

function lifetimeOf(seconds: number, trans: TranslationBundle): string {
  return seconds < 3600
    ? trans._n('%1 minute', '%1 minutes', seconds / 60)
    : trans._n('%1 hour', '%1 hours', seconds / 3600);
}
