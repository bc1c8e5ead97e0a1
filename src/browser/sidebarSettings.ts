import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { BrowserModel } from './model';
import type { Refreshing } from './refreshing';

const SETTINGS_ID = 'jupyter-posthog:plugin';

/** Follow what a person set about the sidebar. */
export async function followSettings(
  registry: ISettingRegistry | null,
  { model, refreshing }: { model: BrowserModel; refreshing: Refreshing }
): Promise<void> {
  const settings = await registry?.load(SETTINGS_ID);
  if (settings) {
    const apply = () => {
      model.pageSize = settings.get('pageSize').composite as number;
      refreshing.intervalMs = (settings.get('refreshSeconds').composite as number) * 1000;
    };
    settings.changed.connect(apply);
    apply();
  }
}
