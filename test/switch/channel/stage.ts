// A channel on a clock that stands still and a media leg that does what the test says.
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { runnerOf, type Services } from '../../../src/switch/channel/application.js';
import { APPLICATIONS } from '../../../src/switch/channel/applications/catalogue.js';
import { Schedule } from '../../../src/switch/channel/beside/schedule.js';
import { Channel } from '../../../src/switch/channel/channel.js';
import { Channels } from '../../../src/switch/channel/channels.js';
import { Conferences } from '../../../src/switch/channel/conference/conferences.js';
import { Core } from '../../../src/switch/channel/core.js';
import type { SwitchEvent } from '../../../src/switch/channel/event.js';
import { EventBus } from '../../../src/switch/channel/event-bus.js';
import type { Detected, Detection } from '../../../src/switch/media/audio/tone-detector.js';
import type { AudioSource } from '../../../src/switch/media/audio-source.js';
import { NO_STATISTICS } from '../../../src/switch/media/engine-leg.js';
import type {
  LegStatistics,
  MediaLeg,
  Overhearing,
  Playback,
  PlaybackResult,
  PlayOptions,
  Processing,
  Recording,
  RecordingResult,
  RecordOptions,
} from '../../../src/switch/media/media-leg.js';
import type { MediaRoom } from '../../../src/switch/media/media-room.js';

export interface FakePlayback {
  readonly source: AudioSource;
  readonly options: PlayOptions;
  end(result?: Partial<PlaybackResult>): void;
}

const PLAYED: PlaybackResult = { outcome: 'done', samples: 8_000, ms: 1_000, lastOffset: 8_000, left: 0 };
/** Plays until told; `/no/…` is missing. Stops at once when asked, unless `deaf`. */
export class FakeLeg implements MediaLeg {
  readonly id = 'leg-1';
  readonly address = '127.0.0.1';
  readonly port = 4_000;
  readonly playing: FakePlayback[] = [];
  readonly calls: string[] = [];
  /** How often something was to be played. */
  asked = 0;
  deaf = false;
  detected: (detected: Detected) => void = () => undefined;
  timedOut: () => void = () => undefined;
  failed: (reason: string) => void = () => undefined;

  connect(): void {
    this.calls.push('connect');
  }
  describeWeb(): Promise<never> {
    return Promise.reject(new Error('not a leg of WebRTC'));
  }
  onSecured(): void {
    this.calls.push('onSecured');
  }
  disconnect(): void {
    this.calls.push('disconnect');
  }
  play(source: AudioSource, options: PlayOptions = {}): Playback {
    this.asked++;
    const missing = source.kind === 'file' && source.path.startsWith('/no/');
    let finish: (result: PlaybackResult) => void = () => undefined;
    const done = new Promise<PlaybackResult>((resolve) => {
      finish = resolve;
    });
    if (missing) finish({ outcome: 'not-found', samples: 0, ms: 0, lastOffset: 0, left: 0 });
    else this.playing.push({ source, options, end: (result) => finish({ ...PLAYED, ...result }) });
    const stop = (): void => {
      if (!this.deaf) finish({ ...PLAYED, outcome: 'break', ms: 500 });
    };
    const pause = (on: boolean): void => void this.calls.push(`pause ${on}`);
    const seek = (samples: number, from: string): void => void this.calls.push(`seek ${samples} from ${from}`);
    return { started: Promise.resolve(!missing), done, stop, pause, seek };
  }
  readonly recordOptions: RecordOptions[] = [];
  record(path: string, options: RecordOptions): Recording {
    this.recordOptions.push(options);
    this.calls.push(`record ${path}`);
    let finish: (result: RecordingResult) => void = () => undefined;
    const done = new Promise<RecordingResult>((resolve) => {
      finish = resolve;
    });
    const stop = (): void => finish({ outcome: 'stopped', samples: 16_000, ms: 2_000 });
    const hide =
      (how: string) =>
      (on: boolean): void =>
        void this.calls.push(`${how} ${path} ${on}`);
    return { done, stop, mask: hide('mask'), pause: hide('pause') };
  }
  bridge(other: MediaLeg): void {
    this.calls.push(`bridge ${other.id}`);
  }
  overhear(other: MediaLeg): Overhearing {
    this.calls.push(`overhear ${other.id}`);
    const change = (options: object): void => {
      this.calls.push(`overhear ${Object.entries(options).flatMap(([name, on]) => (on ? name : []))}`);
    };
    return { change, stop: () => this.calls.push('overhear no more') };
  }
  mixIn(source: AudioSource, direction: 'read' | 'write'): Playback {
    this.calls.push(`mix into ${direction}`);
    return this.play(source);
  }
  process(processing: Processing): void {
    this.calls.push(`process ${JSON.stringify(processing)}`);
  }
  listenFor(detections: readonly Detection[]): void {
    this.calls.push(`listen for ${JSON.stringify(detections)}`);
  }
  onDetected(listener: (detected: Detected) => void): void {
    this.detected = listener;
  }
  unbridge(): void {
    this.calls.push('unbridge');
  }
  mute(direction: 'read' | 'write', on: boolean): void {
    this.calls.push(`mute ${direction} ${on}`);
  }
  sendDigits(digits: string): boolean {
    this.calls.push(`send ${digits}`);
    return true;
  }
  onDigit(): void {
    return;
  }
  onTimeOut(listener: () => void): void {
    this.timedOut = listener;
  }
  onFailure(listener: (reason: string) => void): void {
    this.failed = listener;
  }
  stats(): Promise<LegStatistics> {
    return Promise.resolve(NO_STATISTICS);
  }
  close(): Promise<LegStatistics> {
    this.calls.push('close');
    return Promise.resolve(NO_STATISTICS);
  }
}

/** Keeps nothing; says what it was asked. */
export class FakeRoom implements MediaRoom {
  readonly calls: string[] = [];

  seat(leg: MediaLeg, settings: object = {}): void {
    this.calls.push(`seat ${leg.id} ${JSON.stringify(settings)}`);
  }
  leave(leg: MediaLeg): void {
    this.calls.push(`leave ${leg.id}`);
  }
  play(): Playback {
    const nothing = (): void => undefined;
    return {
      started: Promise.resolve(true),
      done: Promise.resolve(PLAYED),
      stop: nothing,
      pause: nothing,
      seek: nothing,
    };
  }
  record(): Recording {
    const done = Promise.resolve<RecordingResult>({ outcome: 'stopped', samples: 0, ms: 0 });
    return { done, stop: () => undefined, mask: () => undefined, pause: () => undefined };
  }
  onTalk(): void {
    return;
  }
  onFailure(): void {
    return;
  }
  close(): void {
    this.calls.push('close');
  }
}

export class Stage {
  readonly clock = new FakeClock();
  readonly leg = new FakeLeg();
  readonly room = new FakeRoom();
  readonly channels = new Channels(this.clock, 10);
  readonly schedule = new Schedule(this.clock);
  readonly events: SwitchEvent[] = [];
  readonly byes: string[] = [];
  /** The codec_string at each renegotiation; the third is refused. */
  readonly renegotiated: (string | undefined)[] = [];
  readonly channel: Channel;
  #serial = 0;

  constructor(id = 'channel-1', services: Partial<Services> = {}) {
    const bus = new EventBus();
    bus.place({ subscribes: () => true, hear: (event) => this.events.push(event) }, 'everywhere');
    const core = new Core({ uuid: 'core-1', hostname: 'vm', address: '127.0.0.1' }, this.clock);
    const ids = seededIds(seededRandom(1));
    const conferences = new Conferences({ core, bus, ids, openRoom: () => this.room });
    this.channel = new Channel(id, 'sofia/drachtio_mrf/x', {
      core,
      bus,
      leg: this.leg,
      ids,
      log: silentLog,
      run: runnerOf(APPLICATIONS, { channels: this.channels, conferences, schedule: this.schedule, ...services }),
      sayBye: (cause) => this.byes.push(cause),
      renegotiate: () => this.renegotiated.push(this.channel.variables.get('codec_string')) < 3,
    });
  }

  /** Runs an application and lets what follows at once happen. */
  async run(application: string, argument = ''): Promise<void> {
    this.channel.execute({ application, argument, id: `run-${++this.#serial}` });
    await this.settle();
  }

  press(digits: string): void {
    for (const digit of digits) this.channel.press({ digit, duration: 800, source: 'RTP' });
  }

  /** Lets promises run; then, if asked, time. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    this.clock.advance(ms);
    await this.settle();
  }

  async endPlayback(result: Partial<PlaybackResult> = {}): Promise<void> {
    await this.settle();
    this.leg.playing.at(-1)?.end(result);
    await this.settle();
  }

  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Events as `NAME application`, in order. */
  get told(): string[] {
    return this.events.map(({ headers }) => `${headers['Event-Name']} ${headers['Application'] ?? ''}`.trim());
  }

  /** The last completion. */
  get completed(): Readonly<Record<string, string>> {
    return this.events.findLast(({ headers }) => headers['Event-Name'] === 'CHANNEL_EXECUTE_COMPLETE')?.headers ?? {};
  }
}
