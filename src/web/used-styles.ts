// A step of the build: of the library's styles only those of the components that the application has, with what these are made of.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const LIBRARY = '@mantine/core';
const STYLES = /@mantine\/core\/styles\.css$/;
/** Names that the library gives its classes. */
const CLASS = /\bm_[0-9a-f]{6,8}\b/g;

export function usedStyles(root: string): Plugin {
  return {
    name: 'hilo-used-styles',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!STYLES.test(id)) return undefined;
      const used = classesOf(componentsIn(root));
      return { code: onlyUsed(code, used), map: null };
    },
  };
}

/** What the application imports from the library, by name. */
function componentsIn(root: string): ReadonlySet<string> {
  const names = new Set<string>();
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
  for (const path of sources) {
    const text = readFileSync(join(root, path), 'utf8');
    for (const [, list = ''] of text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)) {
      for (const name of list.split(',')) names.add(name.replace(/^\s*type\s+/, '').trim());
    }
  }
  return names;
}

/** All classes of those components and of the files that theirs import. */
function classesOf(components: ReadonlySet<string>): ReadonlySet<string> {
  const entry = join(dirname(createRequire(import.meta.url).resolve(LIBRARY)), '..', 'esm', 'index.mjs');
  const found = new Set<string>();
  const seen = new Set<string>();
  const follow = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    for (const [name] of text.matchAll(CLASS)) found.add(name);
    for (const [, from = ''] of text.matchAll(/from\s*"(\.[^"]+)"/g)) follow(resolve(dirname(path), from));
  };
  for (const [, list = '', from = ''] of readFileSync(entry, 'utf8').matchAll(/import \{([^}]*)\} from "(\.[^"]+)"/g)) {
    const isUsed = list.split(',').some((name) => components.has(name.trim().split(' as ').at(-1) ?? ''));
    if (isUsed) follow(resolve(dirname(entry), from));
  }
  return found;
}

/** Without the rules that only speak of classes of other components. */
export function onlyUsed(css: string, used: ReadonlySet<string>): string {
  let kept = '';
  let at = 0;
  while (at < css.length) {
    const open = css.indexOf('{', at);
    if (open < 0) break;
    const end = endOf(css, open);
    const selector = css.slice(at, open);
    const body = css.slice(open + 1, end);
    if (/^\s*@(?:media|supports|layer|container)/.test(selector)) {
      const inner = onlyUsed(body, used);
      if (inner.trim() !== '') kept += `${selector}{${inner}}`;
    } else if (isWanted(selector, used)) kept += `${selector}{${body}}`;
    at = end + 1;
  }
  return kept;
}

function isWanted(selector: string, used: ReadonlySet<string>): boolean {
  const names = selector.match(CLASS) ?? [];
  return names.length === 0 || names.some((name) => used.has(name));
}

/** Of the brace that closes the one at `open`. */
function endOf(css: string, open: number): number {
  let depth = 0;
  for (let at = open; at < css.length; at += 1) {
    if (css[at] === '{') depth += 1;
    else if (css[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return css.length;
}
