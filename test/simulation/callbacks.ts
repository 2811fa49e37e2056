// Messages and call-backs of a simulated day: offered, answered or not, dialled, reached or not.
import type { Entry, Offer } from '../../src/core/acd/entry.js';
import { joinQueue } from '../../src/core/acd/entry-transition.js';
import { type CallbackCommand, type CallbackRule, decideCallback } from '../../src/core/callback/callback.js';
import { parseReply } from '../../src/core/callback/reply.js';
import { isPromised } from '../../src/core/interaction/callback.js';
import type { LeaveReason } from '../../src/core/interaction/event.js';
import { placeOf } from '../../src/core/interaction/wait.js';
import { recover } from '../../src/core/policy/abandoned-call.js';
import { answerReply } from '../../src/core/policy/customer-reply.js';
import type { Clockwork } from './clockwork.js';
import type { SimulatedFloor } from './floor.js';
import { POLICY, type Records, type Thread } from './records.js';

const MAX_WAIT_MS = 30 * 60_000;

interface Dialling {
  readonly thread: Thread;
  readonly segment: string;
  readonly entry: string;
  readonly agent: string;
  readonly node: string;
  state: 'ringing' | 'talking' | 'over';
}

export class Callbacks {
  /** Agents in a call of their own. */
  readonly outside = new Set<string>();
  readonly #rule: CallbackRule = { ...POLICY, nextOpenMs: (atMs) => atMs };
  readonly #dialling = new Set<Dialling>();
  readonly #lastMessageAtMs = new Map<string, number>();

  constructor(
    private readonly clock: Clockwork,
    private readonly floor: SimulatedFloor,
    private readonly records: Records,
    private readonly node: () => string,
  ) {}

  /** Agents who are with a call-back (also while the customer's phone rings) or in a call of their own. */
  talking(): string[] {
    return [...[...this.#dialling].map(({ agent }) => agent), ...this.outside];
  }

  isLive(segment: string): boolean {
    return [...this.#dialling].some((one) => one.segment === segment);
  }

  /** One message, or a reason why there is none. True when one went out. */
  recover(thread: Thread, segment: string, number: string, cause: 'abandoned' | 'overflow'): boolean {
    const { clock } = this;
    const last = this.#lastMessageAtMs.get(number);
    const recipient = { number, consent: 'unknown', language: 'es' } as const;
    const command = recover(
      {
        interaction: thread.state,
        segment,
        cause,
        recipient: last === undefined ? recipient : { ...recipient, lastMessageAtMs: last },
        policy: POLICY,
        country: 'ES',
        queueTitle: (queue) => queue,
      },
      clock.nowMs,
    );
    if (command.type === 'decline') {
      thread.tell({ type: 'message-declined', data: { purpose: 'callback-offer', reason: command.reason } });
      return false;
    }
    this.#lastMessageAtMs.set(number, clock.nowMs);
    const { channel, to, language, place } = command;
    const message = clock.id('m');
    const callback = clock.id('cb');
    const purpose = 'callback-offer';
    const data = { segment: message, message, channel, to, purpose, text: command.text, language } as const;
    thread.tell(
      { type: 'message-queued', data },
      { type: 'callback-offered', data: { callback, message, queue: place.queue } },
    );
    clock.after(POLICY.offerValidMs, () => this.#decide(thread, callback, { type: 'lapse' }));
    for (let n = 0; n < 2; n += 1) {
      if (clock.chance(0.7)) clock.after(clock.seconds(5, 1800), () => this.#replies(thread, number));
    }
    return true;
  }

  promise(thread: Thread, number: string, queue: string, seniorityMs: number): boolean {
    const { nowMs } = this.clock;
    const place = { number, queue, seniorityMs, priority: 5, dueAtMs: nowMs, source: 'overflow' } as const;
    const command: CallbackCommand = { type: 'request', id: this.clock.id('cb'), ...place };
    const decision = decideCallback(thread.state.callback, command, this.#rule, nowMs);
    if (!decision.ok) return false;
    thread.tell(...decision.events);
    this.#waitUntilDue(thread);
    return true;
  }

  promiseAfterLoss(thread: Thread, number: string): void {
    const place = placeOf(thread.state.waits);
    if (place !== undefined) this.promise(thread, number, place.queue, place.seniorityMs);
  }

  giveUp(entry: string, reason: LeaveReason): void {
    const waiting = this.floor.entries.get(entry);
    if (waiting === undefined) return;
    this.floor.leave(entry, reason);
    const waitedMs = this.clock.nowMs - waiting.joinedAtMs;
    this.records.ofEntry(waiting, { type: 'left-queue', data: { entry, queue: waiting.queue, reason, waitedMs } });
  }

  agentAnswers(entry: Entry, offer: Offer): void {
    const { clock, floor } = this;
    const thread = this.records.thread(entry.interaction);
    const node = this.node();
    if (!floor.accept(entry.entry, offer, entry.interaction, node)) return;
    this.giveUp(entry.entry, 'connected');
    const { callback } = thread.state;
    const { agent } = offer;
    if (!isPromised(callback) || !this.#decide(thread, callback.id, { type: 'attempt', agent })) {
      throw new Error('an agent for a call-back that nobody wants');
    }
    const segment = clock.id('s');
    const to = callback.number;
    const dialled = { segment, to, purpose: 'callback', node, callback: callback.id, agent } as const;
    thread.tell({ type: 'call-dialled', data: dialled });
    const dialling: Dialling = { thread, segment, entry: entry.entry, agent, node, state: 'ringing' };
    this.#dialling.add(dialling);
    const reached = clock.chance(0.6);
    clock.after(clock.seconds(1, 20), () => {
      if (dialling.state !== 'ringing') return;
      if (!reached) this.#fails(dialling, 'no-answer', 'network');
      else this.#talks(dialling, entry, agent);
    });
  }

  nodeLost(node: string): void {
    for (const dialling of [...this.#dialling].filter((one) => one.node === node))
      this.#fails(dialling, 'node-lost', 'hilo');
  }

  #talks(dialling: Dialling, { entry, joinedAtMs }: Entry, agent: string): void {
    const { thread, segment } = dialling;
    const fromMs = this.clock.nowMs;
    const { callback } = thread.state;
    dialling.state = 'talking';
    thread.tell({ type: 'call-answered', data: { segment } });
    thread.tell({
      type: 'connected',
      data: { segment, entry, agent, device: `${agent}-desk`, waitedMs: fromMs - joinedAtMs },
    });
    // The customer may have rung in while we dialled; then it is over already.
    if (isPromised(callback)) this.#decide(thread, callback.id, { type: 'connected' });
    this.clock.after(this.clock.seconds(5, 300), () => {
      if (dialling.state !== 'talking') return;
      this.#over(dialling);
      const talkedMs = this.clock.nowMs - fromMs;
      thread.tell({
        type: 'call-ended',
        data: { segment, by: 'agent', result: 'served', reason: 'hung-up', talkedMs },
      });
      this.floor.tell(agent, { type: 'call-ended', entry, wrapUpMs: 10_000 });
    });
  }

  #fails(dialling: Dialling, reason: string, by: 'network' | 'hilo'): void {
    const { thread, segment, agent, entry } = dialling;
    const result = reason === 'no-answer' ? 'no-answer' : 'failed';
    this.#over(dialling);
    thread.tell({ type: 'call-ended', data: { segment, by, result, reason, talkedMs: 0 } });
    this.floor.tell(agent, { type: 'call-ended', entry, wrapUpMs: 0 });
    const { callback } = thread.state;
    if (!isPromised(callback)) return;
    this.#decide(thread, callback.id, { type: 'attempt-failed', reason });
    this.#waitUntilDue(thread);
  }

  #over(dialling: Dialling): void {
    dialling.state = 'over';
    this.#dialling.delete(dialling);
  }

  #replies(thread: Thread, number: string): void {
    const { clock } = this;
    const text = clock.oneOf(['1', 'sí', '1', 'en 20 minutos', '2', 'baja', '¿quién es?']);
    const nowMs = clock.nowMs;
    const segment = clock.id('m');
    thread.tell({ type: 'message-received', data: { segment, message: segment, channel: 'sms', from: number, text } });
    const reply = parseReply(text, { nowMs, timeZone: 'Europe/Madrid', nextOpenMs: (atMs) => atMs });
    const commands = answerReply({ interaction: thread.state, reply, number, rule: this.#rule }, nowMs);
    thread.tell(...commands.events);
    if (commands.leaves !== undefined) this.giveUp(commands.leaves, 'superseded');
    if (commands.events.length > 0) this.#waitUntilDue(thread);
  }

  /** The alarm clock of a promise. */
  #waitUntilDue(thread: Thread): void {
    const { callback } = thread.state;
    if (callback?.state !== 'requested') return;
    const { id, dueAtMs } = callback;
    this.clock.at(dueAtMs, () => {
      const due = thread.state.callback;
      if (due?.state !== 'requested' || due.id !== id || due.dueAtMs > this.clock.nowMs) return;
      const { queue, seniorityMs, priority } = due;
      const entry = this.clock.id('e');
      const place = { entry, queue, priority, seniorityMs, kind: 'callback' } as const;
      thread.tell({ type: 'queued', data: { ...place, segment: entry } });
      this.floor.join(joinQueue({ ...place, interaction: thread.id, joinedAtMs: this.clock.nowMs, node: this.node() }));
      this.clock.after(MAX_WAIT_MS, () => this.#nobodyCame(thread, id, entry));
    });
  }

  #nobodyCame(thread: Thread, callback: string, entry: string): void {
    const waiting = this.floor.entries.get(entry);
    if (waiting === undefined || waiting.state === 'accepted') return;
    this.#decide(thread, callback, { type: 'cancel', reason: 'nobody-free' });
    this.giveUp(entry, 'max-wait');
  }

  #decide(thread: Thread, id: string, command: CallbackCommand): boolean {
    const { callback } = thread.state;
    if (callback?.id !== id) return false;
    const decision = decideCallback(callback, command, this.#rule, this.clock.nowMs);
    if (decision.ok) thread.tell(...decision.events);
    return decision.ok;
  }
}
