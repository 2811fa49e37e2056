// What a visitor of a web page is told of the own matter: how many are ahead, who answers, when it opens, and the call-back that was promised.
import { isWork } from '../../core/acd/work/agent-offer.js';
import { isPromised } from '../../core/interaction/callback.js';
import type { InteractionEvent } from '../../core/interaction/event.js';
import type { Interaction } from '../../core/interaction/interaction.js';
import type { Centre } from '../../core/routing/centre.js';
import { isOpen, nextOpenMs } from '../../core/routing/hours.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { OutboundGuard } from '../call/outbound-guard.js';
import type { CallbackDesk } from '../callback/desk.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { LiveState } from '../floor/live-state.js';
import { EVERYBODY, type Letters, letterOf } from '../nodes/letters.js';
import type { RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';

/** Changes within this time are told as one. */
export const GATHER_MS = 200;
/** Places in the queue are told again at most so often. */
export const PLACES_MS = 1_000;
/** The record is away: looked again. */
const AGAIN_MS = 5_000;
/** Open matters of one visitor that are looked at. */
const MATTERS_MAX = 5;

export type ChatTalk =
  /** Nothing was written yet, or it is long ago. */
  | { readonly state: 'none' }
  /** `ahead`: absent while it has no place. */
  | { readonly state: 'waiting'; readonly ahead?: number }
  /** `agent`: as people call them. */
  | { readonly state: 'talking'; readonly agent: string }
  | { readonly state: 'over' };

export interface ChatState {
  readonly talk: ChatTalk;
  readonly callBack?: { readonly number: string; readonly dueAtMs: number };
}

/** `opensAtMs` absent: nobody knows when. */
export type ChatOpening = { readonly open: true } | { readonly open: false; readonly opensAtMs?: number };

export interface ChatMattersPorts {
  readonly interactions: Interactions;
  readonly contacts: Contacts;
  readonly store: RecordStore;
  readonly live: LiveState;
  readonly letters: Letters;
  readonly guard: OutboundGuard;
  readonly callbackDesk: Pick<CallbackDesk, 'askIn'>;
  readonly eventually: Eventually;
  readonly centre: () => Centre;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface Watcher {
  readonly address: string;
  readonly told: (state: ChatState) => void;
  state?: ChatState;
  /** Of a conversation that waits. */
  place?: { readonly entry: string };
  timer?: Timer | undefined;
  /** Number of the newest look: an older one that comes later is not told. */
  looks: number;
}

export class ChatMatters {
  readonly #ports: ChatMattersPorts;
  readonly #watchers = new Set<Watcher>();
  readonly #stops: readonly (() => void)[];
  #places: Timer | undefined;

  constructor(ports: ChatMattersPorts) {
    this.#ports = ports;
    const { interactions, live, letters, node } = ports;
    this.#stops = [
      interactions.onEvent((thread, event) => {
        if (TOLD.has(event.type)) this.#spread(thread);
      }),
      live.onChange(({ kind }) => {
        if (kind === 'entry') this.#placesChange();
      }),
      letters.listen(node, (text) => {
        const letter = letterOf(text, 'chat-news');
        if (letter !== undefined) this.#news(letter as { readonly address: string });
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#places?.cancel();
    for (const watcher of this.#watchers) watcher.timer?.cancel();
    this.#watchers.clear();
  }

  opening(): ChatOpening {
    const { centre, clock } = this.#ports;
    const { chat, hours } = centre();
    const own = hours.get(chat?.hours ?? '');
    const nowMs = clock.nowMs();
    if (own === undefined || isOpen(own, nowMs)) return { open: true };
    const opensAtMs = nextOpenMs(own, nowMs);
    return Number.isFinite(opensAtMs) ? { open: false, opensAtMs } : { open: false };
  }

  /** As it is dialled. Throws HiloError `not-allowed` when it may not be called, with the reason. */
  callable(number: string): string {
    const permitted = this.#ports.guard.permits(number);
    if (permitted.allowed) return permitted.number;
    const { reason } = permitted;
    throw new HiloError('not-allowed', `this number cannot be called: ${reason}`, { why: { reason } });
  }

  /**
   * In the visitor's matter, stored when it resolves. Rejects with HiloError `not-allowed` (the chat offers none, or not this
   * number), `too-many-requests`, `wrong-state` (the phone rings already), `store-unavailable`.
   */
  async callMe(address: string, number: string): Promise<void> {
    const { centre, callbackDesk } = this.#ports;
    const { chat, conversations } = centre();
    const queue = conversations?.queues.chat ?? conversations?.queue;
    if (chat?.callBack !== true || queue === undefined) throw new HiloError('not-allowed', 'the chat offers no calls');
    await callbackDesk.askIn({ number: this.callable(number), queue }, () => this.#matter(address));
  }

  /** Tells how it stands, and each change of it. Returns how to stop. */
  watch(address: string, told: (state: ChatState) => void): () => void {
    const watcher: Watcher = { address, told, looks: 0 };
    this.#watchers.add(watcher);
    void this.#look(watcher);
    return () => {
      watcher.timer?.cancel();
      this.#watchers.delete(watcher);
    };
  }

  async #matter(address: string): Promise<Thread> {
    const { contacts, centre, interactions } = this.#ports;
    const who = await contacts.of('chat', address, centre().country);
    const [first] = await this.#threads(who.contact.id);
    return first ?? interactions.open(who.contact, who.address);
  }

  /** That in which somebody writes or is waited for comes first. */
  async #threads(contact: string): Promise<readonly Thread[]> {
    const { store, interactions } = this.#ports;
    const open = (await store.openOf(contact)).slice(0, MATTERS_MAX);
    const threads = await Promise.all(open.map(({ id }) => interactions.resume(id)));
    const rank = ({ state: { conversation, callback } }: Thread): number => {
      if (conversation !== undefined && conversation.state !== 'over') return 0;
      return isPromised(callback) ? 1 : 2;
    };
    return threads.toSorted((a, b) => rank(a) - rank(b));
  }

  async #look(watcher: Watcher): Promise<void> {
    const { contacts, centre, log } = this.#ports;
    watcher.timer = undefined;
    watcher.looks += 1;
    const look = watcher.looks;
    try {
      const { contact } = await contacts.of('chat', watcher.address, centre().country);
      const [thread] = await this.#threads(contact.id);
      if (look === watcher.looks && this.#watchers.has(watcher)) this.#tell(watcher, thread?.state);
    } catch (error) {
      log.warn({ err: error }, 'a visitor is not told how it stands');
      this.#lookSoon(watcher, AGAIN_MS);
    }
  }

  #tell(watcher: Watcher, matter: Interaction | undefined): void {
    const { conversation, callback } = matter ?? {};
    delete watcher.place;
    if (conversation?.state === 'waiting') watcher.place = { entry: conversation.entry };
    const promised = isPromised(callback)
      ? { callBack: { number: callback.number, dueAtMs: callback.dueAtMs } }
      : undefined;
    this.#say(watcher, { talk: this.#talkOf(conversation), ...promised });
  }

  #talkOf(conversation: Interaction['conversation']): ChatTalk {
    switch (conversation?.state) {
      case undefined:
        return { state: 'none' };
      case 'waiting':
        return this.#waiting(conversation.entry);
      case 'open': {
        const { agent } = conversation;
        return { state: 'talking', agent: this.#ports.centre().agents.get(agent)?.title ?? agent };
      }
      case 'over':
        return { state: 'over' };
    }
  }

  #waiting(id: string): ChatTalk {
    const { live } = this.#ports;
    const own = live.entry(id);
    if (own === undefined) return { state: 'waiting' };
    const others = [...live.entries()].filter((entry) => isWork(entry) && entry.queue === own.queue);
    return { state: 'waiting', ahead: others.filter(({ seniorityMs }) => seniorityMs < own.seniorityMs).length };
  }

  #say(watcher: Watcher, state: ChatState): void {
    if (JSON.stringify(watcher.state) === JSON.stringify(state)) return;
    watcher.state = state;
    watcher.told(state);
  }

  #placesChange(): void {
    if (this.#places !== undefined || this.#watchers.size === 0) return;
    this.#places = this.#ports.clock.after(PLACES_MS, () => {
      this.#places = undefined;
      for (const watcher of this.#watchers) {
        const { place, state } = watcher;
        if (place !== undefined) this.#say(watcher, { ...state, talk: this.#waiting(place.entry) });
      }
    });
  }

  #lookSoon(watcher: Watcher, inMs: number): void {
    if (watcher.timer !== undefined || !this.#watchers.has(watcher)) return;
    watcher.timer = this.#ports.clock.after(inMs, () => void this.#look(watcher));
  }

  #news({ address }: { readonly address: string }): void {
    for (const watcher of this.#watchers) if (watcher.address === address) this.#lookSoon(watcher, GATHER_MS);
  }

  /** The visitor's page may hang on any node. */
  #spread(thread: Thread): void {
    const { eventually, letters } = this.#ports;
    const { address, conversation } = thread.state;
    const visitor = conversation?.channel === 'chat' ? conversation.address : address.value;
    if (conversation?.channel !== 'chat' && address.channel !== 'chat') return;
    eventually.do(`visitor of ${thread.id} is told`, async () => {
      // They read the record when they are told.
      await thread.settled();
      await letters.send(EVERYBODY, JSON.stringify({ kind: 'chat-news', address: visitor }));
    });
  }
}

const TOLD: ReadonlySet<string> = new Set<InteractionEvent['type']>([
  'queued',
  'left-queue',
  'work-taken',
  'work-passed',
  'work-finished',
  'callback-requested',
  'callback-ended',
  'interaction-closed',
]);
