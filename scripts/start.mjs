// `npm start`: sets up what is missing, then runs dist/main.js until it ends or is told to stop.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { nodeArguments, runtime } from './runtime.mjs';
import { orStop, ROOT, setUp } from './setup.mjs';

const HELP = `npm start [-- options]     set up what is missing, build, run Hilo; Ctrl-C stops it

  HILO_DATA            folder for everything that is kept        ./data
  HILO_HTTP_HOST/PORT  web and API                               127.0.0.1 8080
  HILO_SIP_HOST/PORT   SIP over UDP and TCP                      127.0.0.1 5060
  HILO_RTP_PORTS       media ports                               16384-32767
  DATABASE_URL         PostgreSQL to use instead of our own
  REDIS_URL            Redis to use instead of our own
  DRACHTIO_HOST, FREESWITCH_HOST (/PORT/SECRET)   real servers instead of the embedded switch
  HILO_DEMO_PASSWORD, HILO_DEMO_AGENTS            sample centre: password of every agent, more agents

All settings: README.md`;

/** How often we look whether npm, killed without a word, left us alone. */
const PARENT_LOOK_MS = 500;
/** Ctrl-C reaches us twice, from the terminal and from npm: the second one within this time is the same key press. */
const SAME_SIGNAL_MS = 500;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else {
  await orStop(() => setUp({ programs: process.env.REDIS_URL ? ['espeak-ng'] : ['redis-server', 'espeak-ng'] }));
  runMain();
}

function runMain() {
  // A process group of its own: the terminal's Ctrl-C comes to us alone and is passed on once. Should we be killed
  // without a chance to pass anything on, setpriv (util-linux) has the kernel tell the server.
  const command = [runtime(), ...nodeArguments(), join(ROOT, 'dist', 'main.js'), ...args];
  const setpriv = '/usr/bin/setpriv';
  const [program, ...rest] = existsSync(setpriv) ? [setpriv, '--pdeathsig', 'TERM', '--', ...command] : command;
  const main = spawn(program, rest, { stdio: 'inherit', detached: true });

  let lastSignalAtMs = Number.NEGATIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (performance.now() - lastSignalAtMs < SAME_SIGNAL_MS) return;
      lastSignalAtMs = performance.now();
      main.kill(signal);
    });
  }
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined) {
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      main.kill('SIGTERM');
    }, PARENT_LOOK_MS);
  }
  main.on('error', (error) => {
    console.error(`hilo: ${error.message}`);
    process.exitCode = 1;
  });
  main.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}
