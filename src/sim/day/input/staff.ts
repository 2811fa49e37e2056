// Who is at work in a simulation: the agents of the centre, so many with certain skills, or those of a file.
import type { AgentConfig, Centre } from '../../../core/routing/centre.js';
import type { Shift, SimulatedAgent } from '../world/plan.js';
import { BadInput, parseCount, parseList, parseShift, parseTable } from './quantities.js';

export const MAX_AGENTS = 5_000;

/** The agents of centre.yaml, all of them in the given hours. */
export function staffOfCentre({ agents }: Centre, hours: Shift): SimulatedAgent[] {
  return [...agents.values()].map((config) => ({ config, shifts: [hours] }));
}

/** `support=12,support+sales=4@09:00-15:00`, by names of queues. */
export function parseStaff(text: string, centre: Centre, hours: Shift): SimulatedAgent[] {
  const staff = parseList(text).flatMap(([queues, value]) => {
    const [count = '', times] = value.split('@');
    if (queues === '') throw new BadInput(`--agents: write for example support=12 or support+sales=4@09:00-15:00`);
    const skills = skillsOf(queues.split('+'), centre);
    const shifts = times === undefined ? [hours] : times.split('+').map((shift) => parseShift('--agents', shift));
    return Array.from({ length: parseCount('--agents', count, 0, MAX_AGENTS) }, () => ({ queues, skills, shifts }));
  });
  const numbers = new Map<string, number>();
  return staff.map(({ queues, skills, shifts }) => {
    const number = (numbers.get(queues) ?? 0) + 1;
    numbers.set(queues, number);
    return { config: simulatedAgent(`${queues}-${String(number).padStart(3, '0')}`, skills), shifts };
  });
}

/** Columns `name,skills,from,to`; skills as `support:5|sales:2`. A second line of the same name is a second shift. */
export function readStaff(file: string, text: string, centre: Centre): SimulatedAgent[] {
  const staff = new Map<string, SimulatedAgent>();
  const known = new Set([...centre.queues.values()].map(({ skill }) => skill));
  for (const { line, cells } of parseTable(file, text).rows) {
    const name = cells.get('name') ?? '';
    if (name === '') throw new BadInput(`${file}:${line}: the agent has no name; columns are name,skills,from,to`);
    const skills = (cells.get('skills') ?? '').split('|').map((skill) => skill.split(':'));
    for (const [skill = ''] of skills) {
      if (!known.has(skill)) throw new BadInput(`${file}:${line}: no queue asks for the skill '${skill}'`);
    }
    const shift = parseShift(`${file}:${line}`, `${cells.get('from') ?? ''}-${cells.get('to') ?? ''}`);
    const levels = Object.fromEntries(skills.map(([skill = '', level = '3']) => [skill, levelOf(file, line, level)]));
    const before = staff.get(name);
    const all = { ...before?.config.skills, ...levels };
    staff.set(name, { config: simulatedAgent(name, all), shifts: [...(before?.shifts ?? []), shift] });
  }
  if (staff.size > MAX_AGENTS) throw new BadInput(`${file}: at most ${MAX_AGENTS} agents`);
  return [...staff.values()];
}

export function simulatedAgent(name: string, skills: Readonly<Record<string, number>>): AgentConfig {
  return {
    name,
    title: name,
    skills,
    devices: [{ name, kind: 'sip' }],
    ring: 'together',
    availableOnRegister: true,
    forwards: [],
    role: 'agent',
  };
}

function skillsOf(queues: readonly string[], centre: Centre): Record<string, number> {
  return Object.fromEntries(queues.map((name) => [queueNamed('--agents', name, centre).skill, 3]));
}

/** Throws {@link BadInput} with the names there are. */
export function queueNamed(what: string, name: string, { queues }: Centre) {
  const queue = queues.get(name);
  if (queue !== undefined) return queue;
  const [first = '', ...others] = queues.keys();
  if (name === '') throw new BadInput(`${what}: of which queue? Write for example ${first}=10`);
  throw new BadInput(`${what}: there is no queue '${name}', only ${[first, ...others].join(', ')}`);
}

function levelOf(file: string, line: number, text: string): number {
  return parseCount(`${file}:${line}: level of a skill`, text, 1, 5);
}
