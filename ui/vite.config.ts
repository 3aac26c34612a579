import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Paraglide has no plugin here: `npm run messages` compiles the texts before every script that needs
// them. Its Vite plugin keeps Vitest from ending.
export default defineConfig({
  // The window loads from tauri://localhost, where only relative addresses are sure to work.
  base: './',
  plugins: [
    react(),
    // react-aria ships its own texts in 34 languages; 'pre' because it must see the original modules.
    { ...optimizeLocales.vite({ locales: ['sv-SE', 'en-US'] }), enforce: 'pre' },
  ],
  build: {
    target: ['safari16.4', 'chrome111'],
    cssMinify: 'lightningcss',
    // `font-src 'self'` forbids fonts as data: addresses, and Vite would inline the small subsets.
    assetsInlineLimit: 0,
    // What loads first is two files, the rest comes with its page: many small ones pack worse. The budget
    // of what loads first is 200 kB gzipped.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'shared', test: /node_modules|src\/(shared|platform|generated)\// }],
        },
      },
    },
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  preview: { host: '127.0.0.1', port: 4173, strictPort: true },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    globals: false,
    // Whole windows are driven here; a machine that builds at the same time needs the patience.
    testTimeout: 30_000,
    env: { TZ: 'Europe/Stockholm' },
  },
});
