import type { TranslationBundle } from '@jupyterlab/translation';
import type { ILine, ISection } from './checklist';
import type { IInstallation } from './report';

/** Say what is installed and enabled on the machine of the server. */
export function installationSection(
  installation: IInstallation,
  trans: TranslationBundle
): ISection {
  const { versions, kernels, proxies, certificates } = installation;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return {
    title: '',
    lines: [
      { isOk: null, text: packages.join(' · ') },
      kernelLine(kernels, trans),
      labLine(installation, trans),
      serverLine(installation, trans),
      ...Object.entries(proxies).map(([name, host]) => ({ isOk: true, text: `${name}: ${host}` })),
      ...Object.entries(certificates).map(([name, isThere]) => ({
        isOk: isThere,
        text: isThere
          ? trans.__('%1 is used', name)
          : trans.__('%1 names nothing that exists', name)
      }))
    ]
  };
}

function kernelLine(kernels: string[], trans: TranslationBundle): ILine {
  return kernels.includes('posthog')
    ? { isOk: true, text: trans.__('Kernels: %1', kernels.join(', ')) }
    : { isOk: false, text: trans.__('The kernel “posthog” is not installed') };
}

function labLine(installation: IInstallation, trans: TranslationBundle): ILine {
  if (!installation.has_labextension) {
    return {
      isOk: false,
      text: trans.__('Lab extension not found'),
      remedy: trans.__('Install jupyter-posthog where JupyterLab is installed.')
    };
  }
  return installation.is_labextension_enabled
    ? { isOk: true, text: trans.__('Lab extension installed and enabled') }
    : {
        isOk: false,
        text: trans.__('Lab extension disabled'),
        remedy: trans.__('Run `jupyter labextension enable jupyter-posthog`.')
      };
}

function serverLine(installation: IInstallation, trans: TranslationBundle): ILine {
  return installation.is_server_extension_enabled
    ? { isOk: true, text: trans.__('Server extension enabled') }
    : {
        isOk: false,
        text: trans.__('Server extension off'),
        remedy: trans.__('Run `jupyter server extension enable jupyter_posthog`.')
      };
}
