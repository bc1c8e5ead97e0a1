import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { BrowserModel } from './model';
import type { Refreshing } from './refreshing';

const SETTINGS_ID = 'jupyter-posthog:plugin';
/** PostHog counts requests for a whole team (posthog-api.md 4). */
const LEAST_S = 15;

/** Follow what a person set about the sidebar. */
export async function followSettings(
  registry: ISettingRegistry | null,
  { model, refreshing }: { model: BrowserModel; refreshing: Refreshing }
): Promise<void> {
  const settings = await registry?.load(SETTINGS_ID);
  if (settings) {
    const apply = () => {
      model.pageSize = settings.get('pageSize').composite as number;
      const seconds = settings.get('refreshSeconds').composite as number;
      refreshing.intervalMs = seconds && Math.max(seconds, LEAST_S) * 1000;
    };
    settings.changed.connect(apply);
    apply();
  }
}
