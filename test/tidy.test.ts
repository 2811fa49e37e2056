// The rules of the house that a machine can see: who may import whom, how large things may be, what core may touch.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 70;
const MAX_FILES_PER_FOLDER = 15;
const MAX_DEPTH = 3;
/** Said anew before every file of tests. */
const SET_UP: readonly string[] = ['test/support/temporary.ts'];

/** Folder of src → folders it may import from, besides itself. Files in src itself join everything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  core: ['lib'],
  contract: ['core'],
  app: ['core', 'lib'],
  voice: ['app', 'core', 'lib'],
  channels: ['app', 'core', 'lib'],
  store: ['app', 'core', 'lib'],
  jobs: ['app', 'core', 'lib'],
  api: ['app', 'core', 'lib', 'contract'],
  web: ['contract', 'core', 'lib'],
  local: ['lib'],
  'flow-cli': ['core', 'lib', 'sim', 'voice'],
  switch: ['lib'],
  sim: ['switch', 'core', 'lib'],
  bench: ['app', 'store', 'local', 'core', 'lib'],
};
/** Inside core: `interaction` is the floor, `policy` the roof (`replay` looks at all of it), the rest stand side by side. */
const CORE_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  document: [],
  interaction: [],
  routing: ['document', 'interaction', 'acd'],
  ivr: ['document', 'interaction'],
  'flow-test': ['document', 'interaction', 'ivr', 'routing'],
  rollout: ['document'],
  guide: ['document', 'interaction'],
  acd: ['interaction', 'routing'],
  callback: ['interaction'],
  staffing: [],
  sound: [],
  policy: ['document', 'interaction', 'routing', 'ivr', 'acd', 'callback'],
  replay: ['document', 'interaction', 'routing', 'ivr', 'acd', 'callback', 'policy'],
};
const CORE_PACKAGES = [
  'yaml',
  'zod',
  '@marcbachmann/cel-js',
  'luxon',
  'liquidjs',
  'libphonenumber-js',
  'date-holidays',
];
const FORBIDDEN_IN_CORE =
  /\b(Date\.now|Math\.random|setTimeout|setInterval|setImmediate|process\.|new Date\(\)|performance\.)/;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly { readonly from: string; readonly typeOnly: boolean }[];
}

/** How vite wants it. */
const BUILD_FILE = join(SRC, 'web', 'vite.config.ts');
const sources = filesUnder(SRC)
  .filter((path) => path !== BUILD_FILE)
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
  .map(read);
const PATHS = new Set(sources.map(({ path }) => path));

describe('borders', () => {
  test('imports go downward only', () => {
    const wrong = sources.flatMap((source) =>
      localImports(source)
        .filter((target) => !mayImport(source.path, target))
        .map((target) => arrow(source, target)),
    );
    expect(wrong).toEqual([]);
  });

  test('core imports nothing but pure packages', () => {
    const wrong = sources
      .filter(({ path }) => folderOf(path) === 'core')
      .flatMap((source) =>
        source.imports
          .filter(
            ({ from }) =>
              !from.startsWith('.') && !CORE_PACKAGES.some((name) => from === name || from.startsWith(`${name}/`)),
          )
          .map(({ from }) => `${name(source.path)} → ${from}`),
      );
    expect(wrong).toEqual([]);
  });

  test('there is no circle of imports, not even of types', () => {
    expect(circles()).toEqual([]);
  });

  test('only the entries read the environment', () => {
    const readers = sources
      .filter(({ text }) => /\bprocess\.env\b/.test(stripComments(text)))
      .map(({ path }) => name(path));
    const allowed = [
      'config.ts',
      'main.ts',
      'infrastructure.ts',
      'switch/main.ts',
      'flow-cli.ts',
      'sim-cli.ts',
      'replay-cli.ts',
      'sim/bench.ts',
    ];
    expect(readers.filter((reader) => !allowed.includes(reader))).toEqual([]);
  });
});

describe('core is pure', () => {
  test('no clock, no chance, no timers, no process', () => {
    const wrong = sources
      .filter(({ path }) => folderOf(path) === 'core')
      .filter(({ text }) => FORBIDDEN_IN_CORE.test(stripComments(text)))
      .map(({ path }) => name(path));
    expect(wrong).toEqual([]);
  });
});

describe('sizes', () => {
  test(`files have at most ${MAX_FILE_LINES} lines`, () => {
    const all = [
      ...sources,
      ...filesUnder(join(ROOT, 'test'))
        .filter((path) => path.endsWith('.ts'))
        .map(read),
    ];
    const long = all
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ path, lines }) => lines > MAX_FILE_LINES && !isTable(path))
      .map(({ path, lines }) => `${relative(ROOT, path)}: ${lines}`);
    expect(long).toEqual([]);
  });

  test(`functions have at most ${MAX_FUNCTION_LINES} lines`, () => {
    expect(sources.flatMap(longFunctions)).toEqual([]);
  });

  test(`folders have at most ${MAX_FILES_PER_FOLDER} files and lie at most ${MAX_DEPTH} deep`, () => {
    const counts = new Map<string, number>();
    for (const { path } of sources) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    const wrong = [...counts]
      .filter(([folder, count]) => count > MAX_FILES_PER_FOLDER || depthOf(folder) > MAX_DEPTH)
      .map(([folder, count]) => `${name(folder)}: ${count} files, depth ${depthOf(folder)}`);
    expect(wrong).toEqual([]);
  });
});

describe('tests', () => {
  test('share modules: what these say outside of a function, such as hooks, belongs to one file only', () => {
    const wrong = filesUnder(join(ROOT, 'test'))
      .filter((path) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path) && !SET_UP.includes(relative(ROOT, path)))
      .filter((path) => /^(before|after)(Each|All)\(/m.test(readFileSync(path, 'utf8')));
    expect(wrong).toEqual([]);
  });
});

describe('habits', () => {
  test('every file begins with what it owns', () => {
    const silent = sources.filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text)).map(({ path }) => name(path));
    expect(silent).toEqual([]);
  });

  test('no promise of later work, no silenced fault', () => {
    const marks = /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck)|catch \{\s*\}|\bas any\b/;
    const wrong = sources.filter(({ text }) => marks.test(text)).map(({ path }) => name(path));
    expect(wrong).toEqual([]);
  });

  test('no default exports, no files named after nothing', () => {
    const vague = /(^|[/-])(utils?|helpers?|common|manager|misc)([.-]|$)/;
    const wrong = sources
      .filter(({ path, text }) => vague.test(name(path)) || /^export default/m.test(text))
      .map(({ path }) => name(path));
    expect(wrong).toEqual([]);
  });
});

function mayImport(from: string, to: string): boolean {
  const [source, target] = [folderOf(from), folderOf(to)];
  if (source === '') return true;
  if (source === 'core' && target === 'core') return mayImportInCore(from, to);
  return source === target || (MAY_IMPORT[source] ?? []).includes(target);
}

function mayImportInCore(from: string, to: string): boolean {
  const [source = '', target = ''] = [from, to].map((path) => relative(join(SRC, 'core'), path).split('/')[0]);
  return source === target || (CORE_MAY_IMPORT[source] ?? []).includes(target);
}

function circles(): string[] {
  const edges = new Map(sources.map((source) => [source.path, localImports(source)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].map(name).join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

function longFunctions(source: Source): string[] {
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const from = file.getLineAndCharacterOfPosition(node.getStart()).line;
      const to = file.getLineAndCharacterOfPosition(node.getEnd()).line;
      if (to - from + 1 > MAX_FUNCTION_LINES) found.push(`${name(source.path)}:${from + 1}: ${to - from + 1} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function localImports(source: Source): string[] {
  return source.imports
    .filter(({ from }) => from.startsWith('.'))
    .map(({ from }) => resolve(dirname(source.path), from))
    .flatMap((path) => ['.ts', '.tsx'].map((ending) => path.replace(/\.js$/, ending)))
    .filter((path) => PATHS.has(path));
}

function read(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const pattern = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
  const imports = [...text.matchAll(pattern)].map(([, type, from = '']) => ({ from, typeOnly: type !== undefined }));
  return { path, text, imports };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

function folderOf(path: string): string {
  const parts = relative(SRC, path).split('/');
  return parts.length === 1 ? '' : (parts[0] ?? '');
}

function depthOf(folder: string): number {
  return relative(SRC, folder)
    .split('/')
    .filter((part) => part !== '').length;
}

function name(path: string): string {
  return relative(SRC, path);
}

function arrow(source: Source, target: string): string {
  return `${name(source.path)} → ${name(target)}`;
}

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}

/** Lists of cases are data, however long. */
function isTable(path: string): boolean {
  return /\.cases\.ts$/.test(path);
}
