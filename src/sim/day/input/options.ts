// What a simulation is asked to do, from its command line.
import { parseArgs } from 'node:util';
import type { Plan } from '../world/plan.js';
import {
  BadInput,
  known,
  parseCount,
  parseDuration,
  parseList,
  parseOutside,
  parseShare,
  parseShift,
} from './quantities.js';

export const USAGE = `npm run sim -- [options]

Simulates days of a contact centre on a virtual clock with the real core: flows, choice of agents, waiting, call-backs,
record. Says what comes out with 95 % ranges, beside Erlang A and C for the same inputs, and why they differ.

Who calls
  --arrivals support=60,sales=30   calls an hour in the --hours, or FILE.csv:
                                   hour,support,sales                  a profile: calls in each hour of the day
                                   at,queue,number,talk,waited,gave-up a log: one line a call, the rest may be empty (s)
  --from-record 2026-01-05         calls and agents of that day, and how they behaved: from PostgreSQL at DATABASE_URL,
                                   else from the Hilo that runs at --http http://127.0.0.1:8080 with its --data folder
  --dial 1000                      number dialled; else the first one whose flow leads to the queue
Who is at work
  --agents support=12,support+sales=4@09:00-12:00+12:30-17:00   a gap is a break; or FILE.csv: name,skills,from,to
                                   with skills support:5|sales:2, one line for each stretch of work
                                   else the agents of centre.yaml in the --hours
  --hours 09:00-19:00              when calls come and agents are at work, where nothing else is said
How they behave: fixed:10s, exp:2m, weibull:2m/1.5 (mean/shape), lognormal:4m/0.8 (mean/variation); by queue: sales=exp:3m
  --talk lognormal:4m/0.8          --patience exp:2m         --answer fixed:4s (ringing before the agent answers)
  --wrap-up sales=exp:40s          writing up, no longer than the queue lets them; else as long as the queue says, and exp:30s
                                   where it lasts until the agent is done
  --missed 0%                      offers that are left to ring
  --redial 30% --redial-after exp:5m       of those who were not served, ring again (0% with a log: they are in it)
  --replies 30% --reply-after exp:10m      of those who got the offer of a call-back, want it
  --reached 70%                    customers who answer a call-back
  --outside answered               other systems and bots that a flow asks: answered or failed
What if
  --what-if agents=+2,skill:sales=ana      the same callers on a changed centre, with the range of the difference; also
                                   agents:sales=-1 arrivals=+10% ring=15s wrap-up:sales=30s max-wait=5m max-length=20
                                   priority:sales=3 callback-share=25% strategy:support=top-down missed=5% outside=failed
Runs
  --seed 1  --days 1  --runs 20    the same seed gives the same report to the byte
  --date 2026-01-05                the first day
  --flows ivr-flows                folder with centre.yaml and the flows
  --explain                        take the reasons away one after the other and show what each does
  --svg FILE  --json FILE          a picture; all figures (- for the standard output instead of the text)
  --help

Examples
  npm run sim -- --arrivals support=60,sales=20 --agents support=6,sales=3
  npm run sim -- --arrivals calls.csv --agents staff.csv --what-if agents=+2,skill:sales=ana`;

const MAX_RUNS = 10_000;
const MAX_DAYS = 366;

export interface SimOptions extends Omit<Plan, 'centre' | 'catalogue' | 'startMs' | 'agents' | 'arrivals' | 'dial'> {
  readonly seed: number;
  readonly runs: number;
  readonly hours: ReturnType<typeof parseShift>;
  readonly flows: string;
  /** As written: names of queues or of a file. */
  readonly arrivals?: string;
  readonly agents?: string;
  readonly date?: string;
  readonly fromRecord?: string;
  readonly http: string;
  readonly data: string;
  readonly dial?: string;
  readonly whatIf?: string;
  readonly explain: boolean;
  readonly svg?: string;
  readonly json?: string;
  /** Said on the command line, not the default: what a log tells does not replace it. */
  readonly given: ReadonlySet<string>;
}

/** Undefined: help was asked for. Throws {@link BadInput}. */
export function readOptions(args: readonly string[]): SimOptions | undefined {
  const { values, tokens } = parse(args);
  if (values.help) return undefined;
  const given = new Set(tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])));
  if (given.has('arrivals') && given.has('from-record')) {
    throw new BadInput('--arrivals and --from-record say both who calls: leave one out');
  }
  if (!given.has('arrivals') && !given.has('from-record')) {
    throw new BadInput('who calls? write for example --arrivals support=60,sales=30 (calls an hour)');
  }
  const talk = byQueue('--talk', values.talk);
  const patience = byQueue('--patience', values.patience);
  const wrapUp = byQueue('--wrap-up', values['wrap-up']);
  const queues = new Set([...talk.keys(), ...patience.keys(), ...wrapUp.keys()].filter((queue) => queue !== ''));
  return {
    seed: parseCount('--seed', values.seed, 0, 2 ** 31),
    days: parseCount('--days', values.days, 1, MAX_DAYS),
    runs: parseCount('--runs', values.runs, 1, MAX_RUNS),
    hours: parseShift('--hours', values.hours),
    flows: values.flows,
    http: values.http,
    data: values.data,
    arrivalsFactor: 1,
    behaviour: {
      talk: talk.get('') ?? parseDuration('--talk', DEFAULT_TALK),
      patience: patience.get('') ?? parseDuration('--patience', DEFAULT_PATIENCE),
      ...known('wrapUp', wrapUp.get('')),
    },
    behaviourOf: new Map(
      [...queues].map((queue) => [
        queue,
        {
          ...known('talk', talk.get(queue)),
          ...known('patience', patience.get(queue)),
          ...known('wrapUp', wrapUp.get(queue)),
        },
      ]),
    ),
    answer: parseDuration('--answer', values.answer),
    missed: parseShare('--missed', values.missed),
    redial: parseShare('--redial', values.redial),
    redialAfter: parseDuration('--redial-after', values['redial-after']),
    replies: parseShare('--replies', values.replies),
    replyAfter: parseDuration('--reply-after', values['reply-after']),
    reached: parseShare('--reached', values.reached),
    outside: parseOutside('--outside', values.outside),
    explain: values.explain,
    given: withParts(given, { talk, patience }),
    ...texts(values),
  };
}

/** `--talk sales=exp:3m` says nothing of the other queues. */
function withParts(given: ReadonlySet<string>, parts: Readonly<Record<string, ReadonlyMap<string, unknown>>>) {
  return new Set([...given].filter((name) => parts[name]?.has('') ?? true));
}

const DEFAULT_TALK = 'lognormal:4m/0.8';
const DEFAULT_PATIENCE = 'exp:2m';

function texts(values: ReturnType<typeof parse>['values']) {
  const { arrivals, agents, date, dial, svg, json } = values;
  const [fromRecord, whatIf] = [values['from-record'], values['what-if']];
  return {
    ...(arrivals === undefined ? {} : { arrivals }),
    ...(agents === undefined ? {} : { agents }),
    ...(date === undefined ? {} : { date }),
    ...(fromRecord === undefined ? {} : { fromRecord }),
    ...(dial === undefined ? {} : { dial }),
    ...(whatIf === undefined ? {} : { whatIf }),
    ...(svg === undefined ? {} : { svg }),
    ...(json === undefined ? {} : { json }),
  };
}

/** '' is everybody else. */
function byQueue(what: string, written: readonly string[]) {
  const items = written.flatMap((text) => parseList(text));
  return new Map(items.map(([queue, text]) => [queue, parseDuration(what, text)]));
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      tokens: true,
      options: {
        arrivals: { type: 'string' },
        'from-record': { type: 'string' },
        http: { type: 'string', default: 'http://127.0.0.1:8080' },
        data: { type: 'string', default: 'data' },
        dial: { type: 'string' },
        agents: { type: 'string' },
        hours: { type: 'string', default: '09:00-19:00' },
        talk: { type: 'string', multiple: true, default: [] },
        patience: { type: 'string', multiple: true, default: [] },
        'wrap-up': { type: 'string', multiple: true, default: [] },
        answer: { type: 'string', default: 'fixed:4s' },
        outside: { type: 'string', default: 'answered' },
        missed: { type: 'string', default: '0%' },
        redial: { type: 'string', default: '30%' },
        'redial-after': { type: 'string', default: 'exp:5m' },
        replies: { type: 'string', default: '30%' },
        'reply-after': { type: 'string', default: 'exp:10m' },
        reached: { type: 'string', default: '70%' },
        'what-if': { type: 'string' },
        seed: { type: 'string', default: '1' },
        days: { type: 'string', default: '1' },
        runs: { type: 'string', default: '20' },
        date: { type: 'string' },
        flows: { type: 'string', default: 'ivr-flows' },
        explain: { type: 'boolean', default: false },
        svg: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
