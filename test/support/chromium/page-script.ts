// CommonJS packages as one script for a page: each file a function, as Node itself wraps them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What a page gets in place of what Node would load. */
const IN_A_PAGE: Readonly<Record<string, string>> = { events: 'events/events.js', debug: 'debug/src/browser.js' };

/** A script that sets `globalThis[name]` to what `require(entry)` is in Node. */
export function pageScript(name: string, entry: string): string {
  const resolved = createRequire(import.meta.url).resolve(entry);
  const files = new Map<string, string>();
  collect(resolved, files);
  return `(() => {
    const files = {${[...files].map(([path, text]) => `${JSON.stringify(path)}: ${text}`).join(',\n')}};
    const loaded = {};
    const load = (path) => {
      if (loaded[path]) return loaded[path].exports;
      const module = (loaded[path] = { exports: {} });
      const [paths, run] = files[path];
      run((wanted) => load(paths[wanted]), module, module.exports);
      return module.exports;
    };
    globalThis[${JSON.stringify(name)}] = load(${JSON.stringify(resolved)});
  })();`;
}

function collect(path: string, files: Map<string, string>): void {
  if (files.has(path)) return;
  files.set(path, '');
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) {
    files.set(path, `[{}, (require, module) => { module.exports = ${text}; }]`);
    return;
  }
  const require = createRequire(path);
  const paths: Record<string, string> = {};
  for (const [, wanted = ''] of text.matchAll(/\brequire\(['"]([^'"]+)['"]\)/g)) {
    const found = require.resolve(IN_A_PAGE[wanted] ?? wanted);
    paths[wanted] = found;
    collect(found, files);
  }
  files.set(path, `[${JSON.stringify(paths)}, function (require, module, exports) {${text}\n}]`);
}
