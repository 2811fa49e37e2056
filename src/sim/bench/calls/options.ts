// What a load test is asked to do, from its command line.
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** New calls a second. */
  readonly rate: number;
  readonly seconds: number;
  /** `light`: callers send only their key; `full`: speech both ways as well. */
  readonly media: 'light' | 'full';
  readonly agents: number;
  readonly workers: number;
  /** Files to write, if wanted. */
  readonly json?: string;
  readonly plot?: string;
  /** Where data and logs of the run stay; undefined: a temporary folder, removed afterwards. */
  readonly keep?: string;
  /** Start Hilo once more before the calls, to see how long the second start takes. */
  readonly restart: boolean;
  /** Arguments for the node of the server, `--cpu-prof` for example. */
  readonly nodeArguments: readonly string[];
}

export const USAGE = `npm run bench:calls -- [options]

Starts Hilo with its own PostgreSQL, Redis and switch, registers agents, and lets SIPp call: menu, key 1 one second
after the answer, queue, an agent's phone rings 0.2 s, answers, talks 3 s, hangs up.

  --rate 20         new calls a second
  --seconds 60      how long new calls come
  --media light     light: callers send only their key; full: speech both ways
  --agents 600      registered agents
  --workers 1       media threads of the switch
  --json FILE       the figures as JSON
  --plot FILE       memory and latency over time as SVG
  --keep FOLDER     keep data and logs there
  --no-restart      do not measure a second start first
  --node=ARGUMENTS  for the server's node, e.g. "--node=--cpu-prof --cpu-prof-dir=/tmp/profiles"

Needs sip-tester, and root: SIPp sends its captured keys over a raw socket.`;

export class BadOption extends Error {
  override readonly name = 'BadOption';
}

/** Undefined: help was asked for. Throws {@link BadOption}. */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const { media } = values;
  if (media !== 'light' && media !== 'full') throw new BadOption('--media is light or full');
  return {
    rate: number('rate', values.rate, 1, 1000),
    seconds: number('seconds', values.seconds, 1, 86_400),
    media,
    agents: number('agents', values.agents, 1, 10_000),
    workers: number('workers', values.workers, 1, 64),
    restart: !values['no-restart'],
    nodeArguments: values.node.split(' ').filter((argument) => argument !== ''),
    ...(values.json === undefined ? {} : { json: values.json }),
    ...(values.plot === undefined ? {} : { plot: values.plot }),
    ...(values.keep === undefined ? {} : { keep: values.keep }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rate: { type: 'string', default: '20' },
        seconds: { type: 'string', default: '60' },
        media: { type: 'string', default: 'light' },
        agents: { type: 'string', default: '600' },
        workers: { type: 'string', default: '1' },
        json: { type: 'string' },
        plot: { type: 'string' },
        keep: { type: 'string' },
        'no-restart': { type: 'boolean', default: false },
        node: { type: 'string', default: '' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new BadOption(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new BadOption(`--${name} is a whole number from ${min} to ${max}, not ${text}`);
}
