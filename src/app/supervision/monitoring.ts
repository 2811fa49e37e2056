// Supervisors who listen to a conversation, whisper to the agent or join: who, when and how stands in its record.
import type { MonitorMode } from '../../core/interaction/event.js';
import type { Centre } from '../../core/routing/centre.js';
import { assert } from '../../lib/assert.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Call } from '../call/call.js';
import { dial } from '../call/dial.js';
import { HiloError } from '../errors.js';
import type { OwnCalls } from '../floor/own-calls.js';
import type { DialTarget, Leg, Telephony } from '../ports.js';
import type { Listening } from './listening.js';

/** The supervisor asked for it just now: a phone that is not taken soon is not going to be. */
export const RING_MS = 30_000;

/** Keys of the supervisor's own phone; the media server understands them by itself (FreeSWITCH's eavesdrop). */
const KEYS: Readonly<Record<string, MonitorMode>> = { '0': 'listen', '2': 'whisper', '3': 'barge' };

export interface MonitoringPorts {
  readonly telephony: Telephony;
  readonly centre: () => Centre;
  /** An agent who listens from a device of theirs is not offered a call meanwhile. */
  readonly ownCalls: Pick<OwnCalls, 'began'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** The supervisor's phone: one device, or all that an agent has registered. */
export type Phone = { readonly device: string } | { readonly agent: string };

export interface Monitor {
  readonly id: string;
  readonly interaction: string;
  /** User who asked for it. */
  readonly by: string;
  readonly mode: MonitorMode;
  readonly state: 'ringing' | 'joined';
  /** Once it is joined. */
  readonly device?: string;
}

/** The customer's call, and the leg that a whisper is for. */
interface Talk {
  readonly call: Call;
  readonly agent: Leg;
}

/*
 *  ringing ──answered, and in the record──▶ joined        each ──hung up, stopped, call over, not answered──▶ (gone)
 */
type Line =
  | { readonly state: 'ringing' }
  | { readonly state: 'joined'; readonly device: string; readonly listening: Listening };

interface Watch {
  readonly id: string;
  readonly by: string;
  readonly talk: Talk;
  readonly end: AbortController;
  /** Takes the phone when the listening is over: it is to talk with the customer. */
  claim?: (line: ClaimedLine) => void;
  mode: MonitorMode;
  line: Line;
}

/** The phone of a supervisor who listened, taken out of that. */
export interface ClaimedLine {
  readonly leg: Leg;
  readonly device: string;
  /** Whose phone it is. */
  readonly agent: string;
  /** To be called when it is over: the agent is free then. */
  readonly over: () => void;
}

/** Why it ended, and who wanted it. */
interface End {
  readonly reason: 'took-over' | 'call-over' | 'stopped' | 'hung-up' | 'not-answered' | 'failed';
  readonly by?: string;
}

export class Monitoring {
  readonly #ports: MonitoringPorts;
  /** Conversations of this node, by interaction. */
  readonly #talks = new Map<string, Talk>();
  readonly #watches = new Map<string, Watch>();
  readonly #listeners = new Set<(interaction: string) => void>();

  constructor(ports: MonitoringPorts) {
    this.#ports = ports;
  }

  /** Two people talk; the returned function says that they no longer do. */
  began(call: Call, agent: Leg): () => void {
    const { id } = call.thread;
    const talk: Talk = { call, agent };
    this.#talks.set(id, talk);
    return () => {
      if (this.#talks.get(id) === talk) this.#talks.delete(id);
      const watch = this.#watches.get(id);
      if (watch?.talk === talk) this.#stop(watch, { reason: 'call-over' });
    };
  }

  /** Calls `listener` with the conversation in which somebody begins to listen, does it otherwise or stops; returns how to stop that. */
  onChange(listener: (interaction: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  of(interaction: string): Monitor | undefined {
    const watch = this.#watches.get(interaction);
    return watch && view(interaction, watch);
  }

  /**
   * Rings the supervisor's phone. Throws HiloError `not-found` (nobody talks in this matter on this node, no such phone),
   * `wrong-state` (somebody listens already, the phone is not registered).
   */
  start(interaction: string, phone: Phone, mode: MonitorMode, by: string): Monitor {
    const talk = this.#talks.get(interaction);
    if (talk === undefined) throw new HiloError('not-found', 'nobody talks in this interaction at this node now');
    const other = this.#watches.get(interaction);
    if (other !== undefined) throw new HiloError('wrong-state', alreadyMonitored(other));
    const targets = this.#targets(phone);
    const watch: Watch = {
      ...{ id: this.#ports.ids.uuid(), by, talk, mode },
      end: new AbortController(),
      line: { state: 'ringing' },
    };
    this.#watches.set(interaction, watch);
    this.#tell(interaction);
    void this.#run(interaction, watch, targets);
    return view(interaction, watch);
  }

  /** Throws HiloError `not-found`, or `wrong-state` while it rings; rejects when the media server does not do it. */
  async change(interaction: string, mode: MonitorMode, by: string): Promise<Monitor> {
    const watch = this.#watches.get(interaction);
    if (watch === undefined) throw new HiloError('not-found', 'this conversation is not monitored');
    if (watch.line.state === 'ringing') throw new HiloError('wrong-state', 'the phone still rings');
    await watch.line.listening.change(mode);
    this.#changed(watch, mode, by);
    return view(interaction, watch);
  }

  /** Throws HiloError `not-found`. */
  stop(interaction: string, by: string): void {
    const watch = this.#watches.get(interaction);
    if (watch === undefined) throw new HiloError('not-found', 'this conversation is not monitored');
    this.#stop(watch, { reason: 'stopped', by });
  }

  /** The phone with which `by` listens to that conversation, taken out of it; undefined: they do not. */
  claim(interaction: string, by: string): Promise<ClaimedLine> | undefined {
    const watch = this.#watches.get(interaction);
    if (watch?.by !== by || watch.line.state !== 'joined' || watch.claim !== undefined) return undefined;
    return new Promise((resolve) => {
      watch.claim = resolve;
      this.#stop(watch, { reason: 'took-over', by });
    });
  }

  #stop(watch: Watch, end: End): void {
    watch.end.abort(end);
  }

  #targets(phone: Phone): readonly DialTarget[] {
    const { telephony, centre } = this.#ports;
    const agents = [...centre().agents.values()];
    const known = agents.flatMap((agent) =>
      agent.devices
        .filter(({ kind, name }) => kind === 'sip' && ('agent' in phone ? agent.name : name) === nameOf(phone))
        .map((device): DialTarget => ({ kind: 'device', agent: agent.name, device: device.name })),
    );
    if (known.length === 0) throw new HiloError('not-found', `${nameOf(phone)} has no SIP phone in the centre's files`);
    const reachable = known.filter((target) => target.kind === 'device' && telephony.isRegistered(target.device));
    if (reachable.length === 0) throw new HiloError('wrong-state', `${nameOf(phone)} is not registered`);
    return reachable;
  }

  async #run(interaction: string, watch: Watch, targets: readonly DialTarget[]): Promise<void> {
    let end: End;
    try {
      end = await this.#ring(watch, targets);
    } catch (error) {
      this.#ports.log.error({ err: error, interaction }, 'monitoring failed');
      end = { reason: 'failed' };
    }
    this.#watches.delete(interaction);
    this.#tell(interaction);
    const { by = watch.by, reason } = end;
    const { segment, thread } = watch.talk.call;
    const data = { segment, monitor: watch.id, by, reason };
    if (watch.line.state === 'joined') thread.note({ type: 'monitor-ended', data });
    else this.#ports.log.info({ interaction, reason }, 'a supervisor did not come to listen');
  }

  async #ring(watch: Watch, targets: readonly DialTarget[]): Promise<End> {
    const { call, agent } = watch.talk;
    const request = {
      targets,
      order: 'together' as const,
      ringMs: RING_MS,
      from: { number: call.from, name: call.fromName },
      interaction: call.thread.id,
      headers: {
        'X-Hilo-Interaction': call.thread.id,
        'X-Hilo-Reference': call.thread.state.reference,
        'X-Hilo-Monitor': watch.mode,
      },
      beside: agent,
      signal: watch.end.signal,
    };
    const outcome = await dial(this.#ports.telephony, request, this.#ports.log);
    if (outcome.kind === 'withdrawn') return watch.end.signal.reason as End;
    if (outcome.kind === 'failed') return { reason: 'not-answered' };
    const { leg, target } = outcome;
    assert(target.kind === 'device', 'supervisors listen at devices');
    const { agent: owner, device } = target;
    const over = this.#ports.ownCalls.began(owner, { segment: watch.id, interaction: call.thread.id });
    try {
      return await this.#listen(watch, leg, device);
    } finally {
      // From here on nobody can claim the phone any more: nobody would answer them.
      this.#watches.delete(call.thread.id);
      if (watch.claim === undefined) {
        over();
        // Not waited for: FreeSWITCH takes seconds to confirm the end of a leg that eavesdrops, and the record is not to be late.
        void leg.hangUp({ by: 'hilo', reason: 'monitoring-over' });
      } else watch.claim({ leg, device, agent: owner, over });
    }
  }

  /** Nothing is heard before it stands in the record who is going to hear it. */
  async #listen(watch: Watch, leg: Leg, device: string): Promise<End> {
    const { call, agent } = watch.talk;
    const data = { segment: call.segment, monitor: watch.id, by: watch.by, device, mode: watch.mode };
    await call.thread.record({ type: 'monitor-started', data });
    if (watch.end.signal.aborted) {
      watch.line = { state: 'joined', device, listening: NOT_LISTENING };
      return watch.end.signal.reason as End;
    }
    const ended = over(leg, watch.end.signal);
    const listening = await leg.listenTo(agent, watch.mode).catch((error: unknown) => {
      watch.line = { state: 'joined', device, listening: NOT_LISTENING };
      throw error;
    });
    watch.line = { state: 'joined', device, listening };
    this.#tell(call.thread.id);
    const release = leg.onKey((key) => this.#pressed(watch, listening, key));
    const end = await Promise.race([ended, listening.over.then((): End => ({ reason: 'call-over' }))]);
    release();
    return end;
  }

  /** The media server has done by itself what the key means; one without a meaning here is taken back. */
  #pressed(watch: Watch, listening: Listening, key: string): void {
    const mode = KEYS[key];
    if (mode !== undefined) this.#changed(watch, mode, watch.by);
    else if (key === '1') {
      listening.change(watch.mode).catch((error: unknown) => {
        this.#ports.log.warn({ err: error }, 'a key of a supervisor could not be taken back');
      });
    }
  }

  #changed(watch: Watch, mode: MonitorMode, by: string): void {
    if (watch.mode === mode) return;
    watch.mode = mode;
    this.#tell(watch.talk.call.thread.id);
    const { segment, thread } = watch.talk.call;
    thread.note({ type: 'monitor-changed', data: { segment, monitor: watch.id, by, mode } });
  }

  /** After the present step, when all of it is known. */
  #tell(interaction: string): void {
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener(interaction);
    });
  }
}

/** One ear at a time: whoever is asked to leave has to be known. */
function alreadyMonitored({ by, line }: Watch): string {
  if (line.state === 'ringing') return `${by} is being called to this conversation already; one supervisor at a time`;
  return `${by} listens to this conversation already, at ${line.device}; one supervisor at a time`;
}

const NOT_LISTENING: Listening = { over: Promise.resolve(), change: () => Promise.resolve() };

function nameOf(phone: Phone): string {
  return 'agent' in phone ? phone.agent : phone.device;
}

function view(interaction: string, { id, by, mode, line }: Watch): Monitor {
  const device = line.state === 'joined' ? { device: line.device } : {};
  return { id, interaction, by, mode, state: line.state, ...device };
}

/** Settles when the leg ends or the signal is aborted. */
function over(leg: Leg, signal: AbortSignal): Promise<End> {
  return new Promise((resolve) => {
    const either = AbortSignal.any([leg.ended, signal]);
    const settle = (): void => resolve(signal.aborted ? (signal.reason as End) : { reason: 'hung-up' });
    if (either.aborted) settle();
    else either.addEventListener('abort', settle, { once: true });
  });
}
