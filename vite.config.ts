/** The renderer's bundle. Its targets and output folder come from build/build.mjs, which has two variants. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('renderer', import.meta.url)),
  // Relative addresses, so that the page works at app://gopherbar/ whatever the folder.
  base: './',
  plugins: [react()],
  build: {
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // No data: addresses, so that the content security policy needs none.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: ['index.html', 'dashboard.html'].map((page) =>
        fileURLToPath(new URL(`renderer/${page}`, import.meta.url)),
      ),
    },
  },
});
