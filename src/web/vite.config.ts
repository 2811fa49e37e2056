// Builds the web application into dist/web, in pieces by area: an agent loads nothing of the administrator's, a visitor only the chat.
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { compressedFiles } from './compressed-files.js';
import { usedStyles } from './used-styles.js';

/** Other sites load it as a plain script: its names are to be nobody else's. */
const scopeOfItsOwn: Plugin = {
  name: 'hilo-scope-of-its-own',
  apply: 'build',
  generateBundle(_options, bundle) {
    const loader = bundle['chat.js'];
    if (loader?.type === 'chunk') loader.code = `(() => {\n${loader.code}\n})();\n`;
  },
};

const inWeb = (path: string): string => join(import.meta.dirname, path);

// biome-ignore lint/style/noDefaultExport: so vite finds it
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), usedStyles(import.meta.dirname), scopeOfItsOwn, compressedFiles()],
  // As in src/api/pages/pages.ts, which puts one of its own into each answer.
  html: { cspNonce: 'hilo-nonce-of-this-answer' },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsDir: 'assets',
    // A file inside the page would need an exception of its own in the policy.
    assetsInlineLimit: 0,
    target: 'es2022',
    // They know light-dark(): what is made of it for older ones needs a style that Mantine does not have, and shows no colour.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    reportCompressedSize: false,
    // Those browsers have it; the chat and the application would share a file for it.
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: inWeb('index.html'), chat: inWeb('chat/chat.html'), loader: inWeb('chat/loader.ts') },
      // Other sites name it in their pages.
      output: { entryFileNames: ({ name }) => (name === 'loader' ? 'chat.js' : 'assets/[name]-[hash].js') },
    },
  },
});
