// An answered call of the fake telephony: what the person hears is written down, what the person does is told by the test.
import { HiloError } from '../../../src/app/errors.js';
import type {
  Collected,
  CollectRequest,
  Leg,
  LegEnd,
  LegFigures,
  LegText,
  PhoneRefer,
  PlayOutcome,
} from '../../../src/app/ports.js';
import type { Listening } from '../../../src/app/supervision/listening.js';
import type { MonitorMode } from '../../../src/core/interaction/event.js';
import type { Clock, Timer } from '../../../src/lib/clock.js';

/** Every prompt list lasts so long. */
export const PROMPT_MS = 200;

interface Sound {
  stop(outcome: 'stopped' | 'ended'): void;
}

export class FakeLeg implements Leg {
  /** Prompts by the last part of their path, music as `♪ name`, silence not at all. */
  readonly heard: string[] = [];
  readonly recordings: string[] = [];
  /** The one of the call that goes on. */
  recording: string | undefined;
  recordingMasked = false;
  readonly collections: CollectRequest[] = [];
  /** Real-time text, where the phone has any, and what was written to it. */
  text: LegText | undefined;
  readonly written: string[] = [];
  /** Who hears of what the person types. */
  readonly typed: ((text: string) => void)[] = [];
  partner: FakeLeg | undefined;
  music: string | undefined;
  muted = false;
  /** Keys that were sent to the person. */
  keysHeard = '';
  /** The conference it is in. */
  room: string | undefined;
  listening: { readonly to: FakeLeg; readonly mode: MonitorMode } | undefined;
  #sound: Sound | undefined;
  #ahead = '';
  readonly #keyListeners = new Set<(key: string) => void>();
  readonly #holdListeners = new Set<(held: boolean) => void>();
  #referred: ((refer: PhoneRefer) => () => Promise<void>) | undefined;
  readonly #end = new AbortController();

  constructor(
    readonly id: string,
    readonly callId: string,
    private readonly clock: Clock,
    readonly interaction?: string,
    private readonly promptMs = PROMPT_MS,
  ) {}

  get ended(): AbortSignal {
    return this.#end.signal;
  }

  get end(): LegEnd | undefined {
    return this.ended.aborted ? (this.ended.reason as LegEnd) : undefined;
  }

  /** Listeners for keys that were not taken away again. */
  get keyListeners(): number {
    return this.#keyListeners.size;
  }

  async play(
    paths: readonly string[],
    options: { readonly stopKeys?: string } = {},
  ): Promise<{ outcome: PlayOutcome; key: string }> {
    this.#alive();
    this.#hear(paths);
    let pressed = '';
    const release = this.onKey((key) => {
      if (options.stopKeys?.includes(key) !== true) return;
      pressed ||= key;
      this.#sound?.stop('stopped');
    });
    try {
      const outcome = await this.#sounding(this.promptMs);
      return pressed === '' ? { outcome, key: '' } : { outcome: 'key', key: pressed };
    } finally {
      release();
    }
  }

  async collect(request: CollectRequest): Promise<Collected> {
    this.#alive();
    this.collections.push(request);
    if (!request.bargeIn) this.#ahead = '';
    this.#hear(request.prompts);
    return new Promise((resolve, reject) => {
      let digits = this.#ahead;
      this.#ahead = '';
      let timer: Timer | undefined;
      const over = (finish: () => void): void => {
        timer?.cancel();
        release();
        this.ended.removeEventListener('abort', gone);
        finish();
      };
      const gone = (): void => over(() => reject(this.#gone()));
      const timeOut = (): void => {
        const outcome = digits === '' ? 'time-out' : digits.length >= request.min ? 'digits' : 'too-short';
        over(() => resolve({ outcome, digits, terminator: '' }));
      };
      const look = (key: string): void => {
        timer?.cancel();
        if (request.terminators.includes(key) && key !== '') {
          over(() => resolve({ outcome: 'digits', digits, terminator: key }));
          return;
        }
        digits += key;
        if (digits.length >= request.max) over(() => resolve({ outcome: 'digits', digits, terminator: '' }));
        else timer = this.clock.after(request.interDigitMs, timeOut);
      };
      const release = this.onKey(look);
      this.ended.addEventListener('abort', gone, { once: true });
      if (digits !== '') look('');
      else timer = this.clock.after(PROMPT_MS + request.firstDigitMs, timeOut);
    });
  }

  async startMusic(name: string): Promise<void> {
    this.#alive();
    this.#sound?.stop('stopped');
    this.music = name;
    this.heard.push(`♪ ${name}`);
  }

  async silence(): Promise<void> {
    this.#alive();
    this.music = undefined;
    this.#sound?.stop('stopped');
  }

  async record(
    path: string,
    options: { readonly maxMs: number; readonly silenceMs: number; readonly terminators: string },
  ): Promise<{ durationMs: number }> {
    this.#alive();
    const startedMs = this.clock.nowMs();
    this.recordings.push(path);
    const release = this.onKey((key) => {
      if (options.terminators.includes(key)) this.#sound?.stop('stopped');
    });
    await this.#sounding(options.maxMs).catch(() => undefined);
    release();
    return { durationMs: this.clock.nowMs() - startedMs };
  }

  async recordCall(path: string): Promise<void> {
    this.#alive();
    this.recordings.push(path);
    this.recording = path;
  }

  async maskRecording(masked: boolean): Promise<void> {
    this.#alive();
    this.recordingMasked = masked;
  }

  async stopRecording(): Promise<void> {
    this.#alive();
    this.recording = undefined;
  }

  async bridge(other: Leg): Promise<void> {
    this.#alive();
    if (!(other instanceof FakeLeg)) throw new Error('a fake leg talks to a fake leg');
    other.#alive();
    await this.silence();
    await other.silence();
    for (const leg of [this, other]) {
      leg.room = undefined;
      if (leg.partner !== undefined) leg.partner.partner = undefined;
    }
    this.partner = other;
    other.partner = this;
  }

  async listenTo(other: Leg, mode: MonitorMode): Promise<Listening> {
    this.#alive();
    if (!(other instanceof FakeLeg)) throw new Error('a fake leg listens to a fake leg');
    this.listening = { to: other, mode };
    const change = async (next: MonitorMode): Promise<void> => {
      this.#alive();
      this.listening = { to: other, mode: next };
    };
    const ended = AbortSignal.any([this.ended, other.ended]);
    return { over: new Promise((resolve) => ended.addEventListener('abort', () => resolve(), { once: true })), change };
  }

  async unbridge(): Promise<void> {
    if (this.partner !== undefined) this.partner.partner = undefined;
    this.partner = undefined;
    this.room = undefined;
  }

  /** What agents' phones do besides talking, as the port has it. */
  atTheDesk(): Pick<Leg, 'mute' | 'sendKeys' | 'join' | 'onHold' | 'onRefer'> {
    return {
      mute: (muted) => this.mute(muted),
      sendKeys: (keys) => this.sendKeys(keys),
      join: (room) => this.join(room),
      onHold: (listener) => this.onHold(listener),
      onRefer: (listener) => this.onRefer(listener),
    };
  }

  async mute(muted: boolean): Promise<void> {
    this.#alive();
    this.muted = muted;
  }

  async sendKeys(keys: string): Promise<void> {
    this.#alive();
    this.keysHeard += keys;
  }

  async join(room: string): Promise<void> {
    this.#alive();
    await this.silence();
    await this.unbridge();
    this.room = room;
  }

  onHold(listener: (held: boolean) => void): () => void {
    this.#holdListeners.add(listener);
    return () => void this.#holdListeners.delete(listener);
  }

  onRefer(listener: (refer: PhoneRefer) => () => Promise<void>): () => void {
    this.#referred = listener;
    return () => {
      if (this.#referred === listener) this.#referred = undefined;
    };
  }

  onKey(listener: (key: string) => void): () => void {
    this.#keyListeners.add(listener);
    return () => void this.#keyListeners.delete(listener);
  }

  /** So long until it is known that it has hung up. */
  hangUpMs = 0;

  /** What the media server will say of the sound when the leg is over. */
  figures: LegFigures | undefined;

  async quality(): Promise<LegFigures | undefined> {
    if (!this.ended.aborted) {
      await new Promise((resolve) => this.ended.addEventListener('abort', resolve, { once: true }));
    }
    return this.figures;
  }

  async hangUp(end: LegEnd): Promise<void> {
    this.finish(end);
    if (this.hangUpMs > 0) await new Promise<void>((resolve) => this.clock.after(this.hangUpMs, resolve));
  }

  // ── What the test tells ───────────────────────────────────────────────────────────────────────────────────────────

  press(key: string): void {
    if (this.#keyListeners.size === 0) this.#ahead += key;
    for (const listener of this.#keyListeners) listener(key);
  }

  /** The button of the phone. */
  pressHold(held: boolean): void {
    for (const listener of this.#holdListeners) listener(held);
  }

  /** REFER; rejects as the phone is told 603. */
  async refer(refer: PhoneRefer): Promise<void> {
    if (this.#referred === undefined) throw new Error('603');
    await this.#referred(refer)();
  }

  /** The person hangs up, or the network does. */
  finish(end: LegEnd): void {
    if (this.ended.aborted) return;
    if (this.partner !== undefined) this.partner.partner = undefined;
    this.partner = undefined;
    this.room = undefined;
    this.music = undefined;
    this.#end.abort(end);
    this.#sound?.stop('ended');
  }

  #hear(paths: readonly string[]): void {
    this.music = undefined;
    this.#sound?.stop('stopped');
    this.heard.push(...paths.map((path) => path.slice(path.lastIndexOf('/') + 1)));
  }

  #sounding(durationMs: number): Promise<'finished' | 'stopped'> {
    return new Promise((resolve, reject) => {
      const timer = this.clock.after(durationMs, () => {
        this.#sound = undefined;
        resolve('finished');
      });
      this.#sound = {
        stop: (outcome) => {
          this.#sound = undefined;
          timer.cancel();
          if (outcome === 'ended') reject(this.#gone());
          else resolve('stopped');
        },
      };
    });
  }

  #alive(): void {
    if (this.ended.aborted) throw this.#gone();
  }

  #gone(): HiloError {
    return new HiloError('leg-ended', `${this.end?.by}: ${this.end?.reason}`, { cause: this.end });
  }
}

export const LEG_METHODS = [
  'play',
  'collect',
  'startMusic',
  'silence',
  'record',
  'recordCall',
  'stopRecording',
  'maskRecording',
  'bridge',
] as const;
