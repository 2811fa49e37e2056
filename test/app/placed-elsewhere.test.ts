// How far a call has come that an agent has placed at another node: told by letters, believed as long as the agent is busy with it.
import { describe, expect, test } from 'vitest';
import type { PlacedCallView, PlacedProgress } from '../../src/app/callback/placed-call.js';
import { PlacedElsewhere } from '../../src/app/callback/placed-elsewhere.js';
import type { Change } from '../../src/app/floor/live-state.js';
import type { AgentPresence } from '../../src/core/acd/agent.js';
import { FakeClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { FakeLetters } from '../support/fakes/letters.js';
import { agentConfig, available } from '../support/floor.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

function openNodes() {
  const letters = new FakeLetters(new FakeClock());
  const agents = new Map<string, AgentPresence>([['ana', available('ana')]]);
  const listeners = new Set<(change: Change) => void>();
  const live = {
    agent: (id: string) => agents.get(id),
    onChange: (listener: (change: Change) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const centre = () => ({ agents: new Map([['ana', agentConfig('ana', { support: 5 })]]) });
  const open = (node: string) => {
    const changed: string[] = [];
    const ports = { letters, live, centre, node, log: silentLog };
    return { changed, placed: new PlacedElsewhere(ports, (agent) => changed.push(agent)) };
  };
  const becomes = (presence: AgentPresence): void => {
    agents.set('ana', presence);
    for (const listener of listeners) listener({ kind: 'agent', id: 'ana' });
  };
  return { letters, here: open('here'), there: open('there'), becomes };
}

const call = (progress: PlacedProgress, agent = 'ana'): PlacedCallView => ({
  ...{ id: 'e1', agent, interaction: 'i1', reference: 'HL-1', number: '+34600123123', placedAtMs: 1, progress },
});

const busy: AgentPresence = {
  ...{ agent: 'ana', state: 'busy', sinceMs: 0, idleSinceMs: 0, backOffUntilMs: 0, refusals: 0 },
  ...{ interaction: 'i1', entry: 'e1', node: 'there', outside: 'placed-call', afterwards: { state: 'available' } },
};

describe('a call placed at another node', () => {
  test('is seen here, and not told back to whoever told it', async () => {
    const { here, there, becomes } = openNodes();
    becomes(busy);
    there.placed.tell(call({ state: 'ringing-customer' }));
    await settle();
    expect(here.placed.of('ana')?.progress).toEqual({ state: 'ringing-customer' });
    expect(here.placed.agents()).toEqual(['ana']);
    expect(here.changed).toEqual(['ana']);
    expect(there.placed.of('ana')).toBeUndefined();
  });

  test('what became of it stays when the agent is free again', async () => {
    const { here, there, becomes } = openNodes();
    there.placed.tell(call({ state: 'over', result: 'not-reached', who: 'customer', reason: 'busy' }));
    await settle();
    becomes(available('ana'));
    expect(here.placed.of('ana')?.progress).toMatchObject({ reason: 'busy' });
  });

  test('whose node died is not shown as ringing for ever', async () => {
    const { here, there, becomes } = openNodes();
    becomes(busy);
    there.placed.tell(call({ state: 'talking' }));
    await settle();
    becomes(available('ana'));
    expect(here.placed.of('ana')).toBeUndefined();
    expect(here.changed).toEqual(['ana', 'ana']);
  });

  test('of somebody who is no agent, or a text that is no such letter, changes nothing; a lost letter is only logged', async () => {
    const { here, there, letters } = openNodes();
    there.placed.tell(call({ state: 'talking' }, 'mallory'));
    await letters.send('*', '{"kind":"something else"}');
    await letters.send('*', 'no JSON');
    letters.fails = new Error('away');
    there.placed.tell(call({ state: 'talking' }));
    await settle();
    expect(here.placed.agents()).toEqual([]);
  });
});
