// The sample centre with as many agents as a run needs, all of whom serve one queue.
import { readFileSync } from 'node:fs';
import type { AgentConfig, Centre } from '../../core/routing/centre.js';
import { compileCentre } from '../../core/routing/compile-centre.js';

export const QUEUE = 'support';

export function benchCentre(agents: number): Centre {
  const text = readFileSync('ivr-flows/centre.yaml', 'utf8');
  const compiled = compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
  if (!compiled.ok) throw new Error(compiled.issues.map(({ message }) => message).join('\n'));
  const [model] = compiled.value.agents.values();
  if (model === undefined) throw new Error('the sample centre has no agents');
  const names = Array.from({ length: agents }, (_, n) => `agent${n}`);
  const configs = names.map((name): [string, AgentConfig] => [name, { ...model, name, title: name, devices: [] }]);
  return { ...compiled.value, agents: new Map(configs) };
}
