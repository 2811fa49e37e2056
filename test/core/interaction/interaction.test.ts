import { describe, expect, it } from 'vitest';
import type { InteractionEvent, RecordedEvent } from '../../../src/core/interaction/event.js';
import { currentWait, evolve, fold, type Interaction, initial } from '../../../src/core/interaction/interaction.js';
import { summaryOf } from '../../../src/core/interaction/summary.js';
import * as told from '../../support/record.js';
import { at } from '../../support/record.js';

function given(...events: readonly told.Told[]): Interaction {
  return fold(told.record(events));
}

/** The state after each event, without repetitions. */
function states(events: readonly told.Told[]): string[] {
  const seen: string[] = [];
  let interaction = initial;
  for (const event of told.record(events)) {
    interaction = evolve(interaction, event);
    if (seen.at(-1) !== interaction.state) seen.push(interaction.state);
  }
  return seen;
}

describe('one customer matter', () => {
  it('of a caller who is called back goes through all its states in one thread', () => {
    expect(states(told.recovered)).toEqual([
      'idle',
      'active',
      'idle',
      'waiting-for-customer',
      'callback-due',
      'active',
      'idle',
      'closed',
    ]);
  });

  it('keeps every stretch of that story', () => {
    const { reference, contact, segments, waits } = given(...told.recovered);
    expect({ reference, contact }).toEqual({ reference: 'H-7K3Q-X2PD', contact: 'c1' });
    expect(segments).toMatchObject([
      {
        id: 's1',
        direction: 'in',
        state: 'ended',
        startedAtMs: at(0),
        answeredAtMs: at(1),
        endedAtMs: at(55),
        result: 'abandoned',
        reason: 'caller-hung-up',
        waitedMs: 45_000,
        talkedMs: 0,
        party: { kind: 'queue', name: 'support' },
        path: [
          { party: { kind: 'flow', name: 'main' } },
          { party: { kind: 'queue', name: 'support' }, fromMs: at(10) },
        ],
      },
      { id: 'm1', kind: 'message', direction: 'out', status: 'delivered', purpose: 'callback-offer' },
      { id: 'm2', kind: 'message', direction: 'in', status: 'received', text: '1' },
      {
        id: 's2',
        direction: 'out',
        callback: 'cb1',
        endedBy: 'agent',
        result: 'served',
        waitedMs: 13_000,
        talkedMs: 60_000,
        party: { kind: 'agent', name: 'ana' },
      },
    ]);
    expect(waits.map(({ entry, kind, state }) => [entry, kind, state])).toEqual([
      ['e1', 'call', 'over'],
      ['e2', 'callback', 'over'],
    ]);
  });

  it('without a promise is idle after the call until it is closed', () => {
    expect(
      states([
        [0, told.opened],
        [0, told.arrived()],
        [9, told.ended('served')],
      ]),
    ).toEqual(['idle', 'active', 'idle']);
  });

  it('with an offer that lapsed is idle again', () => {
    const lapsed: InteractionEvent = {
      type: 'callback-ended',
      data: { callback: 'cb1', result: 'cancelled', reason: 'offer-lapsed' },
    };
    expect(states([...told.abandonedWithOffer, [999, lapsed]]).at(-1)).toBe('idle');
  });

  it('opens again when a new call is put to it after it was closed', () => {
    const again = given(...told.recovered, [500, told.arrived('s9')]);
    expect(again.state).toBe('active');
    expect(again).not.toHaveProperty('closed');
  });

  it('stays closed when a late receipt comes', () => {
    const receipt: InteractionEvent = { type: 'message-status', data: { message: 'msg1', status: 'read' } };
    const interaction = given(...told.recovered, [900, receipt]);
    expect(interaction.state).toBe('closed');
    expect(interaction.segments[1]).toMatchObject({ status: 'read' });
  });
});

describe('a wait', () => {
  const queuedUp: readonly told.Told[] = [
    [0, told.opened],
    [0, told.arrived()],
    [10, told.queued('e1', 10)],
  ];
  const refused: InteractionEvent = {
    type: 'offer-refused',
    data: { entry: 'e1', offer: 'o1', agent: 'ana', reason: 'busy' },
  };

  it('counts its offers and knows the one that is out', () => {
    const ringing = given(...queuedUp, [12, told.offered('e1')]);
    expect(currentWait(ringing)).toMatchObject({ state: 'offered', agent: 'ana', offers: 1 });
    const waiting = given(
      ...queuedUp,
      [12, told.offered('e1')],
      [20, refused],
      [21, told.offered('e1', 'bruno', 'o2')],
    );
    expect(currentWait(waiting)).toMatchObject({ state: 'offered', agent: 'bruno', offers: 2 });
  });

  it('ignores a refusal that crossed with the next offer', () => {
    const crossed = given(...queuedUp, [12, told.offered('e1', 'bruno', 'o2')], [13, refused]);
    expect(currentWait(crossed)).toMatchObject({ state: 'offered', agent: 'bruno' });
  });

  it('is over with its call, even when nobody said that the queue was left', () => {
    const lost = given(...queuedUp, [40, told.ended('failed', { by: 'hilo', reason: 'node-lost' })]);
    expect(currentWait(lost)).toBeUndefined();
    expect(lost.waits[0]).toMatchObject({ state: 'over', reason: 'node-lost', waitedMs: 30_000 });
  });

  it('of several queues adds up in the call', () => {
    const moved = given(
      ...queuedUp,
      [30, told.left('e1', 'overflow', 20)],
      [30, told.queued('e2', 10, { queue: 'sales' })],
      [35, told.connected('e2', 5)],
      [35, told.left('e2', 'connected', 5)],
    );
    expect(moved.segments[0]).toMatchObject({ waitedMs: 25_000, party: { kind: 'agent', name: 'ana' } });
  });
});

describe('what comes late, twice or from elsewhere', () => {
  it('a call ends once: a second end changes nothing', () => {
    const once = given([0, told.opened], [0, told.arrived()], [9, told.ended('served')]);
    const twice = given([0, told.opened], [0, told.arrived()], [9, told.ended('served')], [9, told.ended('failed')]);
    expect(twice.segments).toEqual(once.segments);
  });

  it('facts about calls, messages and call-backs that are not there are counted and left alone', () => {
    const before = given([0, told.opened]);
    const after = given(
      [0, told.opened],
      [1, told.answered('nowhere')],
      [1, told.ended('served', { segment: 'nowhere' })],
    );
    expect(after).toEqual({ ...before, version: 3, updatedAtMs: at(1) });
  });

  it('an event of a type that a newer node wrote is counted and left alone', () => {
    const newer = { type: 'customer-applauded', data: { loudness: 11 } } as unknown as InteractionEvent;
    const before = given([0, told.opened], [0, told.arrived()]);
    expect(given([0, told.opened], [0, told.arrived()], [1, newer])).toEqual({
      ...before,
      version: 3,
      updatedAtMs: at(1),
    });
  });

  it('receipts out of order do not take a message back, and its failure is final', () => {
    const status = (value: 'sent' | 'delivered' | 'read' | 'failed'): InteractionEvent => ({
      type: 'message-status',
      data: { message: 'msg1', status: value, ...(value === 'failed' ? { reason: 'no such number' } : {}) },
    });
    const shown = (...statuses: ('sent' | 'delivered' | 'read' | 'failed')[]) =>
      given([0, told.opened], [1, told.messageQueued], ...statuses.map((s) => [2, status(s)] as const)).segments[0];
    expect(shown('read', 'delivered', 'sent')).toMatchObject({ status: 'read' });
    expect(shown('sent', 'failed', 'delivered')).toMatchObject({ status: 'failed', reason: 'no such number' });
  });

  it('an offer of a call-back does not undo a promise', () => {
    const promised = given(...told.abandonedWithOffer, [60, told.requested(60, 10)], [61, told.callbackOffered]);
    expect(promised.callback).toMatchObject({ state: 'requested' });
  });

  it('a failed attempt waits for its next time, and keeps count', () => {
    const failed = given(
      ...told.abandonedWithOffer,
      [60, told.requested(60, 10)],
      [61, { type: 'callback-attempted', data: { callback: 'cb1', attempt: 1, agent: 'ana' } }],
      [
        70,
        { type: 'callback-attempt-failed', data: { callback: 'cb1', attempt: 1, reason: 'busy', nextAtMs: at(970) } },
      ],
    );
    expect(failed.callback).toMatchObject({ state: 'requested', attempts: 1, dueAtMs: at(970), seniorityMs: at(10) });
  });
});

describe('the summary', () => {
  it('names the nodes that hold live calls, and all channels', () => {
    const story: told.Told[] = [
      [0, told.opened],
      [0, told.arrived('s1', 'n1')],
      [1, told.arrived('s2', 'n2')],
    ];
    expect(summaryOf(given(...story))).toMatchObject({ state: 'active', liveNodes: ['n1', 'n2'], channels: ['voice'] });
    expect(summaryOf(given(...story, [2, told.ended('served')])).liveNodes).toEqual(['n2']);
    expect(summaryOf(given(...told.recovered))).toMatchObject({ liveNodes: [], channels: ['voice', 'sandbox'] });
  });

  it('shows a call-back once it is promised, not while it is only offered', () => {
    expect(summaryOf(given(...told.abandonedWithOffer))).not.toHaveProperty('callback');
    const promised = given(...told.abandonedWithOffer, [60, told.requested(900, 10)]);
    expect(summaryOf(promised).callback).toEqual({ id: 'cb1', dueAtMs: at(900) });
  });

  it('of a lost node stays with that node until each of its calls is ended', () => {
    const lost: readonly told.Told[] = [
      [0, told.opened],
      [0, told.arrived()],
      [5, { type: 'node-lost', data: { node: 'n1' } }],
    ];
    expect(summaryOf(given(...lost)).liveNodes).toEqual(['n1']);
    const end = told.ended('failed', { by: 'hilo', reason: 'node-lost' });
    expect(summaryOf(given(...lost, [5, end])).liveNodes).toEqual([]);
  });
});

it('version and time follow the log', () => {
  const event: RecordedEvent = { interaction: 'i7', version: 4, atMs: at(3), event: told.answered() };
  expect(evolve(initial, event)).toMatchObject({ id: 'i7', version: 4, updatedAtMs: at(3), state: 'idle' });
  expect(initial.state).toBe('new');
});
