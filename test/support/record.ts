// Events for tests: told with the seconds since the start of the story, numbered as in the log.
import type { InteractionEvent, RecordedEvent } from '../../src/core/interaction/event.js';
import { NO_REASON } from './floor.js';

/** Monday, 5 January 2026, 10:00 in Madrid. */
export const START = Date.UTC(2026, 0, 5, 9, 0, 0);

export type Told = readonly [seconds: number, event: InteractionEvent];

export function record(told: readonly Told[], interaction = 'i1'): RecordedEvent[] {
  return told.map(([seconds, event], index) => ({ interaction, version: index + 1, atMs: at(seconds), event }));
}

export function at(seconds: number): number {
  return START + seconds * 1000;
}

export const opened: InteractionEvent = {
  type: 'interaction-opened',
  data: { reference: 'H-7K3Q-X2PD', contact: 'c1', address: { channel: 'voice', value: '+34600123456' } },
};

export function arrived(segment = 's1', node = 'n1'): InteractionEvent {
  return {
    type: 'call-arrived',
    data: { segment, callId: `call-${segment}`, from: '+34600123456', to: '1000', trunk: 'lab', node },
  };
}

export function answered(segment = 's1'): InteractionEvent {
  return { type: 'call-answered', data: { segment } };
}

export function inFlow(segment = 's1', language = 'es'): InteractionEvent {
  return { type: 'flow-entered', data: { segment, flow: 'main', revision: 'r1', language } };
}

export function queued(entry: string, seconds: number, options: Partial<Data<'queued'>> = {}): InteractionEvent {
  return {
    type: 'queued',
    data: { segment: 's1', entry, queue: 'support', priority: 5, seniorityMs: at(seconds), kind: 'call', ...options },
  };
}

export function offered(entry: string, agent = 'ana', offer = 'o1'): InteractionEvent {
  return { type: 'offered', data: { entry, offer, queue: 'support', agent, why: NO_REASON } };
}

export function connected(entry: string, waitedS: number, segment = 's1', agent = 'ana'): InteractionEvent {
  return { type: 'connected', data: { segment, entry, agent, device: `${agent}-desk`, waitedMs: waitedS * 1000 } };
}

export function left(entry: string, reason: Data<'left-queue'>['reason'], waitedS: number): InteractionEvent {
  return { type: 'left-queue', data: { entry, queue: 'support', reason, waitedMs: waitedS * 1000 } };
}

export function ended(
  result: Data<'call-ended'>['result'],
  options: Partial<Data<'call-ended'>> = {},
): InteractionEvent {
  const reason = result === 'abandoned' ? 'caller-hung-up' : 'hung-up';
  return { type: 'call-ended', data: { segment: 's1', by: 'customer', result, reason, talkedMs: 0, ...options } };
}

export const messageQueued: InteractionEvent = {
  type: 'message-queued',
  data: {
    segment: 'm1',
    message: 'msg1',
    channel: 'sandbox',
    to: '+34600123456',
    purpose: 'callback-offer',
    text: 'Responda 1 y le llamamos.',
    language: 'es',
  },
};

export const callbackOffered: InteractionEvent = {
  type: 'callback-offered',
  data: { callback: 'cb1', message: 'msg1', queue: 'support' },
};

export function replied(text = '1'): InteractionEvent {
  return {
    type: 'message-received',
    data: { segment: 'm2', message: 'msg2', channel: 'sandbox', from: '+34600123456', text },
  };
}

export function requested(dueS: number, seniorityS: number): InteractionEvent {
  return {
    type: 'callback-requested',
    data: {
      callback: 'cb1',
      number: '+34600123456',
      queue: 'support',
      dueAtMs: at(dueS),
      seniorityMs: at(seniorityS),
      priority: 5,
      source: 'message',
    },
  };
}

/** Waits 45 s in the queue, hangs up, gets the message. */
export const abandonedWithOffer: readonly Told[] = [
  [0, opened],
  [0, arrived()],
  [1, answered()],
  [1, inFlow()],
  [10, queued('e1', 10)],
  [55, left('e1', 'caller-hung-up', 45)],
  [55, ended('abandoned')],
  [56, messageQueued],
  [56, callbackOffered],
];

/** The same customer answers, is called back and talks to Ana. */
export const recovered: readonly Told[] = [
  ...abandonedWithOffer,
  [57, { type: 'message-status', data: { message: 'msg1', status: 'delivered' } }],
  [120, replied()],
  [120, requested(120, 10)],
  [121, queued('e2', 10, { segment: 's2', kind: 'callback' })],
  [130, offered('e2')],
  [134, left('e2', 'connected', 13)],
  [134, { type: 'callback-attempted', data: { callback: 'cb1', attempt: 1, agent: 'ana' } }],
  [
    134,
    {
      type: 'call-dialled',
      data: { segment: 's2', to: '+34600123456', purpose: 'callback', node: 'n1', callback: 'cb1', agent: 'ana' },
    },
  ],
  [140, { type: 'call-answered', data: { segment: 's2', callId: 'call-s2' } }],
  [140, connected('e2', 13, 's2')],
  [140, { type: 'callback-ended', data: { callback: 'cb1', result: 'connected', reason: 'talked' } }],
  [200, ended('served', { segment: 's2', by: 'agent', talkedMs: 60_000 })],
  [210, { type: 'wrapped-up', data: { segment: 's2', entry: 'e2', agent: 'ana', wrapUpMs: 10_000 } }],
  [211, { type: 'interaction-closed', data: { reason: 'served' } }],
];

type Data<Type extends InteractionEvent['type']> = Extract<InteractionEvent, { type: Type }>['data'];
