// Runs a recorded interaction again through flow engine, router, policies and the folds of the record.
import type { InteractionEvent, RecordedEvent } from '../interaction/event.js';
import { type Interaction, initial } from '../interaction/interaction.js';
import type { Centre } from '../routing/centre.js';
import { compileCentre } from '../routing/compile-centre.js';
import { Findings, type Part } from './findings.js';
import { replayFlows } from './flow.js';
import { replayPolicies } from './policy.js';
import { type KnownResult, replayRecord } from './record.js';
import { replayOffers } from './router.js';
import type { TextOf } from './texts.js';
import { replayWaits } from './waiting.js';

export interface Replay {
  readonly findings: Findings;
  readonly state: Interaction;
}

/** `events`: of one interaction, in order. `known`: what was computed then. The same record gives the same findings. */
export function replay(events: readonly RecordedEvent[], textOf: TextOf, known: KnownResult = {}): Replay {
  const findings = new Findings();
  const centres = new Map<string, Centre | undefined>();
  const centreOf = (revision: string): Centre | undefined => {
    if (!centres.has(revision)) centres.set(revision, compiled(textOf, revision));
    return centres.get(revision);
  };
  whole('flow', 'src/core/ivr', findings, () => replayFlows(events, textOf, findings));
  whole('router', 'src/core/acd', findings, () => replayOffers(events, findings));
  whole('policy', 'src/core/acd', findings, () => replayWaits(events, centreOf, findings));
  whole('policy', 'src/core/policy', findings, () => replayPolicies(events, centreOf, findings));
  const state = whole('record', 'src/core/interaction', findings, () => replayRecord(events, known, findings));
  return { findings, state: state ?? initial };
}

/** A core that throws at what it once decided is different, too: where, nobody can say closer than the part. */
function whole<T>(part: Part, place: string, findings: Findings, decide: () => T): T | undefined {
  try {
    return decide();
  } catch (error) {
    const now = `throws: ${error instanceof Error ? error.message : String(error)}`;
    findings.compare(part, 1, { recorded: 'decided', now, place });
    return undefined;
  }
}

/** Texts that a replay asks for: `[name, revision]`, each once. */
export function textsWanted(events: readonly RecordedEvent[]): (readonly [name: string, revision: string])[] {
  const wanted = new Map<string, readonly [string, string]>();
  for (const { event } of events) {
    const texts =
      event.type === 'flow-entered'
        ? event.data.start?.texts
        : event.type === 'callback-offered' || event.type === 'message-declined'
          ? event.data.given && { centre: event.data.given.centre }
          : event.type === 'call-arrived' && event.data.centre !== undefined
            ? { centre: event.data.centre }
            : isGiven(event)
              ? event.data.given && { centre: event.data.given.centre }
              : undefined;
    for (const [name, revision] of Object.entries(texts ?? {})) wanted.set(`${name} ${revision}`, [name, revision]);
  }
  return [...wanted.values()];
}

function isGiven(event: InteractionEvent) {
  return event.type === 'queued' || event.type === 'overflowed' || event.type === 'wrapped-up';
}

function compiled(textOf: TextOf, revision: string): Centre | undefined {
  const text = textOf('centre', revision);
  if (text === undefined) return undefined;
  // Whether the flows it names are there is for the walk through them to find out.
  const flows = new Set([...text.matchAll(/\bflow:\s*['"]?([\w-]+)/g)].map(([, name = '']) => name));
  const centre = compileCentre({ file: 'centre.yaml', text, revision }, { flows });
  return centre.ok ? centre.value : undefined;
}
