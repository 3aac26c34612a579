import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { readerParts } from './reader-parts.mjs';

type Modules = { getModuleInfo: (id: string) => { isEntry: boolean; importers: string[] } | null };

/** Whether the first screen reaches a module without asking for anything later. */
function isFirst(id: string, modules: Modules, seen: Set<string>): boolean {
  seen.add(id);
  const module = modules.getModuleInfo(id);
  const importers = module?.importers.filter((each) => !seen.has(each)) ?? [];
  return (
    module !== null && (module.isEntry || importers.some((each) => isFirst(each, modules, seen)))
  );
}

/** Texts are reached through a list of all of them, so each goes with whoever says it. */
function manualChunks(id: string, modules: Modules): string | null {
  const isText = id.includes('/paraglide/messages/');
  return !isText && isFirst(id, modules, new Set()) ? 'main' : null;
}

// Paraglide has no plugin here: `npm run messages` compiles the texts before every script that needs
// them. Its Vite plugin keeps Vitest from ending.
export default defineConfig({
  // The window loads from tauri://localhost, where only relative addresses are sure to work.
  base: './',
  plugins: [
    react(),
    // react-aria ships its own texts in 34 languages; 'pre' because it must see the original modules.
    { ...optimizeLocales.vite({ locales: ['sv-SE', 'en-US'] }), enforce: 'pre' },
    readerParts(),
  ],
  build: {
    target: ['safari16.4', 'chrome111'],
    cssMinify: 'lightningcss',
    // `font-src 'self'` forbids fonts as data: addresses, and Vite would inline the small subsets.
    assetsInlineLimit: 0,
    // One bundle: it is read from the disk, not from a network. The budget is 200 kB gzipped.
    chunkSizeWarningLimit: 700,
    // What is fetched later brings its own code and texts. All that the first screen reaches stays in one
    // piece: it squeezes better than the many that pages fetched later would have in common with it.
    rollupOptions: { output: { manualChunks } },
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  preview: { host: '127.0.0.1', port: 4173, strictPort: true },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    globals: false,
    // Read once for all files: that takes eleven seconds, and no test leaves anything behind.
    isolate: false,
    // Whole windows are driven here; a machine that builds at the same time needs the patience.
    testTimeout: 30_000,
    env: { TZ: 'Europe/Stockholm' },
  },
});
