// What the table of all benches is asked to do, from its command line and environment.
import { parseArgs } from 'node:util';
import { BadOption } from '../calls/options.js';
import type { ControlPort } from '../real-pair.js';
import { ROWS, type RowName } from './goals.js';

export interface TableOptions {
  readonly quick: boolean;
  /** How long new calls come, in each step. */
  readonly seconds: number;
  readonly only: readonly RowName[];
  readonly workers: number;
  readonly realTime: boolean;
  readonly json: string | undefined;
  readonly plot: string | undefined;
  /** Real servers beside which ours is measured. */
  readonly pair: { readonly drachtio: ControlPort; readonly freeswitch: ControlPort } | undefined;
}

const SECONDS = 60;
const QUICK_SECONDS = 10;

export const TABLE_USAGE = `npm run bench -- [options]

Measures what Hilo promises, one row after the other, and prints one table. Whole, it takes about an hour and finds the
highest loads that hold; a machine with nothing else to do is wanted.

  --quick           about three minutes: whether the promised loads hold, not where they end
  --seconds 60      how long new calls come in each step (10 with --quick)
  --only ROW,ROW    of: ${ROWS.join(' ')}
  --workers 1       media threads of the switch, for the rows of calls
  --real-time       real-time priority for the rows of the media engine alone: for a machine that does other things as well
  --json FILE       the figures as JSON, written anew after each row
  --plot FILE       the table as a picture, SVG

With a real drachtio-server and FreeSWITCH on this machine, rows of calls and OPTIONS are measured with them as well:
  BENCH_DRACHTIO=127.0.0.1:9022  BENCH_DRACHTIO_SECRET=cymru  BENCH_FREESWITCH=127.0.0.1:8021  BENCH_FREESWITCH_SECRET=ClueCon

Needs sip-tester, and root: SIPp sends its captured keys over a raw socket.`;

/** Undefined: help was asked for. Throws {@link BadOption}. */
export function readTableOptions(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): TableOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  return {
    quick: values.quick,
    seconds: whole('seconds', values.seconds ?? String(values.quick ? QUICK_SECONDS : SECONDS), 3_600),
    only: values.only === undefined ? ROWS : rows(values.only),
    workers: whole('workers', values.workers, 64),
    realTime: values['real-time'],
    json: values.json,
    plot: values.plot,
    pair: readPair(variables),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        seconds: { type: 'string' },
        only: { type: 'string' },
        workers: { type: 'string', default: '1' },
        'real-time': { type: 'boolean', default: false },
        json: { type: 'string' },
        plot: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new BadOption(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function rows(text: string): RowName[] {
  const wanted = text.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !ROWS.some((row) => row === name));
  if (unknown.length > 0) throw new BadOption(`--only knows no row ${unknown.join(', ')}`);
  return ROWS.filter((row) => wanted.includes(row));
}

function whole(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new BadOption(`--${name} is a whole number from 1 to ${max}, not ${text}`);
}

function readPair(variables: Readonly<Record<string, string | undefined>>): TableOptions['pair'] {
  const { BENCH_DRACHTIO: drachtio = '', BENCH_FREESWITCH: freeswitch = '' } = variables;
  if (drachtio === '' && freeswitch === '') return undefined;
  return {
    drachtio: { ...hostPort('BENCH_DRACHTIO', drachtio), secret: variables['BENCH_DRACHTIO_SECRET'] || 'cymru' },
    freeswitch: {
      ...hostPort('BENCH_FREESWITCH', freeswitch),
      secret: variables['BENCH_FREESWITCH_SECRET'] || 'ClueCon',
    },
  };
}

function hostPort(name: string, text: string): { host: string; port: number } {
  const [, host, port] = /^([^:]+):(\d+)$/.exec(text) ?? [];
  if (host === undefined) throw new BadOption(`${name} must be host:port, not "${text}"`);
  return { host, port: Number(port) };
}
