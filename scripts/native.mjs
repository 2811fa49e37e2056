// Builds the native part of the media engine (native/) when it is not up to date. Never fails: without it TypeScript does the work.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NATIVE = fileURLToPath(new URL('../native', import.meta.url));
const BUILD = join(NATIVE, 'build');
const STAMP = join(BUILD, '.built');
const ARCHITECTURES = ['x64', 'arm64'];
const BUILD_TIMEOUT_MS = 10 * 60_000;

const HELP = `node scripts/native.mjs [--strict] [--sanitize=address,undefined]

Builds native/ with node-gyp into native/build, unless that is up to date.
  --strict      warnings are errors
  --sanitize    with these sanitizers of the compiler, for developers`;

const args = process.argv.slice(2);
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (args.includes('--help')) console.log(HELP);
  else buildNative(args);
}

/** @param {string[]} options as on the command line */
export function buildNative(options = []) {
  const wanted = fingerprint(options);
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  const obstacle = findObstacle();
  if (obstacle !== undefined) {
    say(`not built: ${obstacle}; TypeScript does the work`);
    return;
  }
  say('building …');
  rmSync(STAMP, { force: true });
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [nodeGyp(), 'rebuild', `--directory=${NATIVE}`, ...headers(), ...gypOptions(options)],
    { encoding: 'utf8', timeout: BUILD_TIMEOUT_MS },
  );
  mkdirSync(BUILD, { recursive: true });
  const log = join(BUILD, 'build.log');
  writeFileSync(log, `${stdout}\n${stderr}\n${error ?? ''}`);
  if (status === 0) writeFileSync(STAMP, wanted);
  else {
    rmSync(join(BUILD, 'Release'), { recursive: true, force: true });
    say(`not built, see ${log}; TypeScript does the work`);
  }
}

function say(line) {
  console.log(`native media engine: ${line}`);
}

/** Why it cannot be built here; undefined when it can. */
function findObstacle() {
  if (process.platform !== 'linux' || !ARCHITECTURES.includes(process.arch)) {
    return `it is for Linux on ${ARCHITECTURES.join(' and ')}`;
  }
  const missing = ['python3', 'make', 'g++'].filter((program) => !onPath(program));
  if (missing.length > 0) return `${missing.join(', ')} missing (Debian: apt-get install build-essential python3)`;
  return nodeGyp() === undefined ? 'node-gyp, which is a part of npm, is missing' : undefined;
}

/** npm says where its own is when it runs us; else it lies where npm lies. */
function nodeGyp() {
  const beside = ['../lib/node_modules', '../../lib/node_modules', 'node_modules'].map((folder) =>
    join(dirname(process.execPath), folder, 'npm/node_modules/node-gyp/bin/node-gyp.js'),
  );
  return [process.env.npm_config_node_gyp, ...beside].find((path) => path !== undefined && existsSync(path));
}

/** The headers that came with node, so that nothing has to be downloaded. */
function headers() {
  const folder = join(dirname(process.execPath), '..');
  return existsSync(join(folder, 'include/node/node_api.h')) ? [`--nodedir=${folder}`] : [];
}

function gypOptions(options) {
  return options.map((option) => (option === '--strict' ? '--strict=1' : option));
}

/** Changes with the sources, with the options and with the machine; Node-API is the same for every Node. */
function fingerprint(options) {
  const hash = createHash('sha256').update(
    `${process.arch} ${options.filter((option) => option !== '--strict').join(' ')}\n`,
  );
  for (const folder of ['.', 'src', 'load']) {
    for (const { name } of readdirSync(join(NATIVE, folder), { withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )) {
      hash.update(name).update(readFileSync(join(NATIVE, folder, name)));
    }
  }
  return hash.digest('hex');
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
