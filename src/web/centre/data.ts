// The draft of the centre as plain data, with the names that stand in it.
import { readYaml } from '../../core/document/yaml-text.js';
import type { CentreNames } from './form/context.js';

export type Data = Readonly<Record<string, unknown>>;

/** Empty where the text is no YAML. */
export function dataOf(text: string): Data {
  return recordOf(readYaml({ file: 'centre.yaml', text, revision: '' }).value);
}

export function recordOf(value: unknown): Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function namesOf(centre: Data, flow: readonly string[]): CentreNames {
  const keys = (key: string) => Object.keys(recordOf(centre[key]));
  return {
    ...{ flow, queue: keys('queues'), agent: keys('agents'), hours: keys('hours'), text: keys('texts') },
    ...{ trunk: keys('trunks'), 'own-number': keys('numbers'), skill: skillsOf(centre), team: teamsOf(centre) },
    'time-zone': Intl.supportedValuesOf('timeZone'),
  };
}

/** Those that a queue wants or an agent has, in order. */
export function skillsOf(centre: Data): readonly string[] {
  const wanted = Object.values(recordOf(centre['queues'])).flatMap((queue) => skillsWanted(recordOf(queue)));
  const had = Object.values(recordOf(centre['agents'])).flatMap((agent) =>
    Object.keys(recordOf(recordOf(agent)['skills'])),
  );
  return [...new Set([...wanted, ...had])].toSorted();
}

export function skillsWanted(queue: Data): readonly string[] {
  const steps = listOf(queue['skills']).map(recordOf);
  const named = [queue['skill'], ...steps.map(({ skill }) => skill)].filter((one) => typeof one === 'string');
  return [...named, ...steps.flatMap(({ skills }) => Object.keys(recordOf(skills)))];
}

export function teamsOf(centre: Data): readonly string[] {
  const teams = Object.values(recordOf(centre['agents'])).map((agent) => recordOf(agent)['team']);
  return [...new Set(teams.filter((team) => typeof team === 'string'))].toSorted();
}
