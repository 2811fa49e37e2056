// How long a step of a flow takes, and how many events a projection folds in a second.
import { readFileSync } from 'node:fs';
import type { SourceFile } from '../core/document/issue.js';
import type { InteractionEvent, RecordedEvent } from '../core/interaction/event.js';
import { evolve, initial } from '../core/interaction/interaction.js';
import { compileFlows } from '../core/ivr/compile.js';
import type { FlowCatalogue } from '../core/ivr/session.js';
import { advance, startSession } from '../core/ivr/walk.js';
import { catalogueOf } from '../core/replay/texts.js';
import { compileCentre } from '../core/routing/compile-centre.js';
import { namesInCentre } from '../core/routing/keys/names-in-centre.js';
import { type Timing, timed } from './timing.js';

const WALKS_EACH = 100;
const NOW_MS = Date.UTC(2026, 0, 5, 12);
/** Events of one matter: a call that waits, is offered three times and is served. */
const EVENTS_EACH = 20;

/** One step each: the greeting is asked for and answered with a key, in the sample's own flow. */
export function measureFlowSteps(runs: number): Timing {
  const catalogue = sampleCatalogue();
  const start = {
    ...{ flow: 'main', languages: ['es'], nowMs: NOW_MS, timeZone: 'Europe/Madrid' },
    call: { from: '+34600111222', name: '', to: '1000', reference: 'H-7K3Q-X2PD' },
  };
  const walk = (): void => {
    for (let n = 0; n < WALKS_EACH; n += 1) {
      const { session } = startSession(catalogue, start);
      if (session.state !== 'asking') throw new Error('the sample asks for nothing');
      advance(
        catalogue,
        session,
        session.asked === 'collect' ? { kind: 'digits', digits: '1' } : { kind: 'played' },
        NOW_MS,
      );
    }
  };
  timed(20, () => undefined, walk);
  const all = timed(runs, () => undefined, walk);
  const each = (ms: number): number => ms / (2 * WALKS_EACH);
  return { runs: runs * 2 * WALKS_EACH, minMs: each(all.minMs), medianMs: each(all.medianMs), p99Ms: each(all.p99Ms) };
}

/** Events folded in a second, in the median run. */
export function measureProjection(
  runs: number,
  events: number,
): { readonly perSecond: number; readonly timing: Timing } {
  const matters = Math.ceil(events / EVENTS_EACH);
  const log = Array.from({ length: matters }, (_, n) => matterOf(`i${n}`));
  const fold = (): void => {
    for (const matter of log) {
      let interaction = initial;
      for (const recorded of matter) interaction = evolve(interaction, recorded);
    }
  };
  timed(5, () => undefined, fold);
  const timing = timed(runs, () => undefined, fold);
  return { perSecond: Math.round((matters * EVENTS_EACH * 1000) / timing.medianMs), timing };
}

function matterOf(interaction: string): RecordedEvent[] {
  const [segment, entry, queue] = ['s', 'e', 'support'];
  const address = { channel: 'voice', value: '+34600111222' } as const;
  const order = { priority: 5, seniorityMs: NOW_MS, joinedAtMs: NOW_MS };
  const why = {
    ...{ strategy: 'longest-idle', candidates: [], removed: [], counts: { candidates: 1, removed: {} }, order },
    ...{ ahead: 0, passedOver: [] },
  };
  const steps = Array.from(
    { length: 6 },
    (_, n): InteractionEvent => ({ type: 'flow-step', data: { segment, step: `step${n}`, outcome: 'next' } }),
  );
  const offers = ['o1', 'o2', 'o3'].flatMap((offer): InteractionEvent[] => [
    { type: 'offered', data: { entry, offer, queue, agent: 'ana', why } },
    ...(offer === 'o3'
      ? []
      : [{ type: 'offer-refused', data: { entry, offer, agent: 'ana', reason: 'no-answer' } } as const]),
  ]);
  const events: InteractionEvent[] = [
    { type: 'interaction-opened', data: { reference: 'H-7K3Q-X2PD', contact: 'c', address } },
    { type: 'call-arrived', data: { segment, callId: 'c', from: address.value, to: '1000', trunk: 'lab', node: 'n' } },
    { type: 'call-answered', data: { segment } },
    { type: 'flow-entered', data: { segment, flow: 'main', revision: 'r', language: 'es' } },
    ...steps,
    { type: 'queued', data: { segment, entry, queue, priority: 5, seniorityMs: NOW_MS, kind: 'call' } },
    ...offers,
    { type: 'connected', data: { segment, entry, agent: 'ana', device: 'ana-desk', waitedMs: 9_000 } },
    { type: 'left-queue', data: { entry, queue, reason: 'connected', waitedMs: 9_000 } },
    {
      type: 'call-ended',
      data: { segment, by: 'customer', result: 'served', reason: 'hung-up', talkedMs: 60_000 },
    },
    { type: 'interaction-closed', data: { reason: 'served' } },
  ];
  return events.map((event, index) => ({ interaction, version: index + 1, atMs: NOW_MS + index * 1_000, event }));
}

function sampleCatalogue(): FlowCatalogue {
  const read = (name: string): SourceFile => ({
    ...{ file: `${name}.yaml`, revision: '' },
    text: readFileSync(`ivr-flows/${name}.yaml`, 'utf8'),
  });
  const centreFile = read('centre');
  const centre = compileCentre(centreFile, { flows: new Set(['main']) });
  const flows = compileFlows([read('main')], namesInCentre(centreFile));
  if (!centre.ok || !flows.ok) throw new Error('the sample centre does not compile');
  return catalogueOf(centre.value, flows.value);
}
