// `npm run flow`: small commands about the texts of the centre, each in its own file of flow-cli/.
import { adviseName } from './core/document/spelling.js';
import { check } from './flow-cli/check.js';
import { docs } from './flow-cli/docs.js';
import { graph } from './flow-cli/graph.js';
import { print } from './flow-cli/print.js';
import { schema } from './flow-cli/schema.js';
import { test } from './flow-cli/test.js';
import { walk } from './flow-cli/walk.js';

const HELP = `Works with the flows of Hilo, without a server and without a telephone.

  npm run flow walk ivr-flows/main.yaml                 walks a call; keys are typed as they are asked for
  npm run flow walk ivr-flows/main.yaml -- --keys 2,1   plays these answers, one for each question
  npm run flow check [folder]                           tells every error and warning of ivr-flows/
  npm run flow test [folder|file]                       plays the tests beside the flows (main.test.yaml)
  npm run flow graph main -- --svg main.svg             draws a flow, what is wrong in red; without --svg as Mermaid
  npm run flow schema                                   writes docs/schema/, by which editors complete and check
  npm run flow docs                                     writes docs/flows.md

Walking:
  --keys 2,,1               answers by commas; nothing between two commas is silence.
                            Digits where digits are asked for; elsewhere no or fail for the other outcome.
  --language en             the caller is known to speak English
  --at 2026-01-05T09:00     the time of the call, on the clock of the centre
  --from +34600123123       the caller's number

Checking: exit code 1 on errors.
  -- --strict               on warnings too
  -- --json                 as data

Testing: exit code 1 when a case fails.
  -- --sip sip:1000@127.0.0.1:5060   plays them to a running server too, with a real phone
     --http http://127.0.0.1:8080     its API, where the recorded steps are read
     --data data                      its data folder, with the passwords
     --agents ana-desk,carla-desk     be these phones, so that callers are served
  -- --min-coverage 100     or when less of the ways out of the steps is taken, in percent
  -- --json                 as data
`;

/** Arguments after the command → exit code. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  check,
  docs,
  graph,
  schema,
  test,
  walk,
};

async function main(args: readonly string[]): Promise<number> {
  const [what, ...others] = args;
  const help = args.includes('--help') || args.includes('-h');
  if (help || what === undefined) {
    print(HELP);
    return help ? 0 : 2;
  }
  const command = COMMANDS[what];
  if (command !== undefined) return command(others);
  if (/\.ya?ml$/.test(what)) return walk(args);
  throw new Error(`there is no command '${what}' (${adviseName(what, Object.keys(COMMANDS))})`);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
