// A call within an interaction, from its INVITE to its end: ringing → answered → ended, and whom the customer met.

import { unreachable } from '../../lib/assert.js';
import type { CallEnd, EndedBy, InteractionEvent, LegQuality } from './event.js';
import type { Direction, Party } from './party.js';

interface Common {
  readonly kind: 'call';
  readonly id: string;
  readonly channel: 'voice';
  readonly direction: Direction;
  /** Node that holds the call. */
  readonly node: string;
  /** Number of the other side of the trunk: who called, or who was called. */
  readonly number: string;
  /** Number dialled by the customer, for an inbound call. */
  readonly dialled?: string;
  /** Call-back this call was made for. */
  readonly callback?: string;
  /** The one the customer dealt with last. */
  readonly party: Party;
  /** All of them in order, each from when on (Unix ms). */
  readonly path: readonly { readonly party: Party; readonly fromMs: number }[];
  readonly language?: string;
  readonly startedAtMs: number;
  /** Time in queues during this call, in ms; counted when a wait is over. */
  readonly waitedMs: number;
  /** How the lines sounded, in the order in which they ended. */
  readonly quality?: readonly LegQuality[];
}

export type CallSegment =
  | (Common & { readonly state: 'ringing' })
  | (Common & { readonly state: 'answered'; readonly answeredAtMs: number })
  | (Common & {
      readonly state: 'ended';
      readonly answeredAtMs?: number;
      readonly endedAtMs: number;
      readonly endedBy: EndedBy;
      readonly result: CallEnd['result'];
      readonly reason: string;
      readonly sipStatus?: number;
      /** Time with a person, in ms. */
      readonly talkedMs: number;
    });

export type CallBeginning = Extract<InteractionEvent, { type: 'call-arrived' | 'call-dialled' }>;

export type CallFact = Extract<
  InteractionEvent,
  {
    type:
      | 'call-answered'
      | 'call-taken-over'
      | 'flow-entered'
      | 'language-set'
      | 'queued'
      | 'connected'
      | 'forwarded'
      | 'call-ended'
      | 'leg-quality';
  }
>;

export function newCall(fact: CallBeginning, startedAtMs: number): CallSegment {
  const started = { kind: 'call', state: 'ringing', channel: 'voice', startedAtMs, waitedMs: 0 } as const;
  if (fact.type === 'call-arrived') {
    const { segment: id, from: number, to: dialled, node } = fact.data;
    const party: Party = { kind: 'customer', name: number };
    return { ...started, id, direction: 'in', number, dialled, node, party, path: [] };
  }
  const { segment: id, to: number, node, purpose, callback } = fact.data;
  const party: Party = { kind: purpose === 'callback' ? 'customer' : 'number', name: number };
  const path = [{ party, fromMs: startedAtMs }];
  const call = { ...started, id, direction: 'out', number, node, party, path } as const;
  return callback === undefined ? call : { ...call, callback };
}

export function evolveCall(call: CallSegment, fact: CallFact, atMs: number): CallSegment {
  switch (fact.type) {
    case 'call-taken-over':
      return { ...call, node: fact.data.node };
    case 'call-answered':
      return call.state === 'ringing' ? { ...call, state: 'answered', answeredAtMs: atMs } : call;
    case 'flow-entered':
      return { ...withParty(call, { kind: 'flow', name: fact.data.flow }, atMs), language: fact.data.language };
    case 'language-set':
      return { ...call, language: fact.data.language };
    case 'queued':
      // A call-back that waits has no call yet; where it names one, that call is over.
      return fact.data.kind === 'call' ? withParty(call, { kind: 'queue', name: fact.data.queue }, atMs) : call;
    case 'connected':
      return withParty(call, { kind: 'agent', name: fact.data.agent }, atMs);
    case 'forwarded':
      return withParty(call, { kind: 'number', name: fact.data.to }, atMs);
    case 'leg-quality': {
      const { segment: _segment, ...quality } = fact.data;
      return { ...call, quality: [...(call.quality ?? []), quality] };
    }
    case 'call-ended':
      return ended(call, fact.data, atMs);
    default:
      return unreachable(fact);
  }
}

function withParty(call: CallSegment, party: Party, fromMs: number): CallSegment {
  return { ...call, party, path: [...call.path, { party, fromMs }] };
}

function ended(call: CallSegment, end: CallEnd & { talkedMs: number }, endedAtMs: number): CallSegment {
  // A call ends once; what comes after it is a crossing report of the same end.
  if (call.state === 'ended') return call;
  const { by: endedBy, result, reason, sipStatus, talkedMs } = end;
  const ending = { endedAtMs, endedBy, result, reason, talkedMs, ...(sipStatus === undefined ? {} : { sipStatus }) };
  return { ...call, ...ending, state: 'ended' };
}
