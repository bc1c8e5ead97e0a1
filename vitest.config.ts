import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    {
      // Lab's packages import pictures and styles, which mean nothing here; but an icon is made of something.
      name: 'pictures-and-styles',
      enforce: 'pre',
      load: id => (/\.(svg|css)(\?.*)?$/.test(id) ? 'export default "<svg></svg>"' : undefined)
    }
  ],
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.spec.{ts,tsx}'],
    server: { deps: { inline: [/@jupyterlab/, /@jupyter\/web-components/, /@microsoft/] } }
  }
});
