// The ways out of a step, in the words of its outcomes: what a test of the flow can take or leave out.
import type { Step } from '../ivr/flow.js';
import type { StepTraits } from '../ivr/ways/traits.js';

/** After an outcome: nothing that counts was said, the step asks once more. */
export const AGAIN = ' again';
/** Where everything goes that has no way of its own. */
export const OTHERWISE = 'otherwise';

type Outcomes = (traits: StepTraits) => readonly string[];

const always =
  (...outcomes: string[]): Outcomes =>
  () =>
    outcomes;

/** By `do:`. Outcomes are those of the trace up to their colon, except keys and cases, which are told apart. */
const OUTCOMES: Readonly<Record<string, Outcomes>> = {
  say: always('said'),
  play: always('played'),
  goto: always('gone'),
  set: always('set'),
  return: always('return'),
  flow: always('returned'),
  hours: ({ ways }) => ways.map(({ path }) => String(path[0])),
  queue: always('served', 'not-served'),
  forward: always('connected', 'failed', 'refused'),
  voicemail: always('left', 'empty', 'failed'),
  message: always('queued', 'declined'),
  http: ({ ways }) => [
    '2xx',
    'failed',
    ...ways.flatMap(({ path }) => (path[0] === 'status' ? [`status:${path[1]}`] : [])),
  ],
  callback: always('promised', 'refused', 'declined'),
  hangup: ({ keys }) => [String(keys['result'] ?? 'served')],
  branch: ({ ways }) => [
    ...ways.filter(({ path }) => path[0] === 'cases').map(({ path }) => `case:${Number(path[1]) + 1}`),
    OTHERWISE,
  ],
  menu: ({ ways, keys }) => {
    const pressed = ways.filter(({ path }) => path[0] === 'keys').map(({ path }) => `key:${path[1]}`);
    return Number(keys['tries'] ?? 3) === 1
      ? [...pressed, 'wrong-key', 'time-out']
      : [...pressed, `wrong-key${AGAIN}`, `time-out${AGAIN}`, OTHERWISE];
  },
  gather: ({ keys }) =>
    Number(keys['tries'] ?? 3) === 1
      ? ['digits', 'wrong-length', 'time-out']
      : ['digits', `wrong-length${AGAIN}`, `time-out${AGAIN}`, OTHERWISE],
};

/** Of a kind whose outcomes are not listed: the steps that may follow, or that it is over. */
export function waysOf({ traits, exits }: Step): readonly string[] {
  return OUTCOMES[traits.kind]?.(traits) ?? (exits.length > 0 ? exits.map(arrow) : ['done']);
}

/** The way that an outcome took; `target`: the step of the same flow that followed. undefined: none that counts. */
export function wayTaken(step: Step, outcome: string, again: boolean, target: string | undefined): string | undefined {
  const ways = waysOf(step);
  const suffix = again ? AGAIN : '';
  const kind = outcome.split(':')[0] ?? outcome;
  const written = [`${outcome}${suffix}`, `${kind}${suffix}`].find((way) => ways.includes(way));
  if (written !== undefined) return written;
  if (again) return undefined;
  // An outcome that has no way of its own takes one that is written for another: a holiday is closed.
  const other = step.traits.ways.find(({ path, to }) => to === target && ways.includes(String(path[0])));
  if (other !== undefined) return String(other.path[0]);
  const followed = target === undefined ? 'done' : arrow(target);
  return [followed, OTHERWISE].find((way) => ways.includes(way));
}

function arrow(target: string): string {
  return `→ ${target}`;
}
