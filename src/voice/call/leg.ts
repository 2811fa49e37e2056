// An answered call with media: one SIP dialog towards a person and one leg on the media server, which live and end together.
import { HiloError } from '../../app/errors.js';
import type {
  Collected,
  CollectRequest,
  Leg,
  LegEnd,
  LegFigures,
  LegText,
  PhoneRefer,
  PlayOutcome,
} from '../../app/ports.js';
import type { Listening } from '../../app/supervision/listening.js';
import type { MonitorMode } from '../../core/interaction/event.js';
import { assert } from '../../lib/assert.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { abortable } from '../../lib/time-out.js';
import { asError, mediaError } from '../drachtio/deadline.js';
import type { EndpointEnd, MediaEndpoint } from '../drachtio/media-endpoint.js';
import { mediaPath } from '../drachtio/plain-text.js';
import type { DialogEnd, SipDialog } from '../drachtio/sip-dialog.js';
import { LEG_VARIABLE, TALK_VARIABLE, type TalkNote, written } from '../survivors/leg-note.js';
import { CallRecording } from './call-recording.js';
import { beginCollection } from './digit-collection.js';
import { runCollection } from './digit-collector.js';
import { eavesdrop } from './eavesdrop.js';
import { KeyStream } from './key-stream.js';
import { fromDialog, LOST_MEDIA, legEnded, type Party, whenAborted } from './leg-end.js';
import { type RecordOptions, recordMessage } from './message-recording.js';
import { Mouth, type Sound } from './mouth.js';
import { connect, enter, park, separate } from './patching.js';
import { PhoneWishes } from './phone-wishes.js';
import { Prompt } from './prompt.js';
import { checkOffer } from './session-description.js';
import { Typing } from './typed-text.js';

/** Nobody waits longer than this on one music. */
const MUSIC_LIMIT_MS = 12 * 3_600_000;
const DEFAULT_MUSIC = 'moh';

/** Lists of files, no key that stops a playback by itself, and a leg that stays when its partner hangs up (compatibility F1). */
const LEG_VARIABLES = {
  playback_terminators: 'none',
  park_after_bridge: 'true',
  RECORD_STEREO: 'true',
  // FreeSWITCH hangs up at the 70th otherwise; each hold, consultation and conference costs one.
  max_session_transfers: '1000000',
};

/*
 *  alone ──bridge──▶ bridged ──unbridge, or the partner ended──▶ alone         each ──▶ ended
 *  alone, bridged ──join──▶ in-room ──bridge──▶ bridged, ──unbridge──▶ alone
 */
type State =
  | { readonly state: 'alone' }
  | { readonly state: 'bridged'; readonly partner: VoiceLeg }
  | { readonly state: 'in-room' }
  | { readonly state: 'ended' };

export interface LegParts {
  readonly id: string;
  readonly dialog: SipDialog;
  readonly endpoint: MediaEndpoint;
  readonly party: Party;
  /** Who holds it, and on which SIP server: kept with the leg. */
  readonly home: { readonly node: string; readonly server: string };
  /** Matter for which it was dialled. */
  readonly interaction?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export class VoiceLeg implements Leg {
  readonly id: string;
  readonly callId: string;
  readonly interaction: string | undefined;
  readonly ended: AbortSignal;
  readonly text: LegText | undefined;
  /** Settles when dialog and media leg are gone. */
  readonly freed: Promise<void>;
  readonly #parts: LegParts;
  readonly #mouth: Mouth;
  readonly #recording: CallRecording;
  readonly #typing: Typing;
  #collectedLast: 'open' | 'secret' = 'open';
  readonly #keys = new KeyStream();
  readonly #wishes = new PhoneWishes();
  readonly #end = new AbortController();
  #state: State = { state: 'alone' };
  /** What the media server keeps of the talk that this leg leads. */
  #talk: TalkNote | undefined;

  constructor(parts: LegParts) {
    const { dialog, endpoint, clock } = parts;
    this.#parts = parts;
    this.id = parts.id;
    this.callId = dialog.callId;
    this.interaction = parts.interaction;
    this.ended = this.#end.signal;
    this.#mouth = new Mouth(endpoint, clock);
    this.#recording = new CallRecording(endpoint);
    this.freed = new Promise((resolve) => {
      this.ended.addEventListener('abort', () => void this.#free().then(resolve), { once: true });
    });
    endpoint.onKey((key) => this.#onKey(key));
    dialog.handle({
      offer: (sdp) => this.#onOffer(sdp),
      key: (key) => this.#onInfoKey(key),
      late: (sdp) => void this.#onLateAnswer(sdp),
      refer: (refer) => this.#wishes.refer(refer),
    });
    this.#typing = new Typing({
      endpoint,
      takesKeys: () => this.#state.state === 'alone',
      onKey: (key) => this.#onKey(key),
      write: (text) => this.#guard('writing', () => endpoint.write(text)),
    });
    this.text = this.#typing.text;
    const { node, server } = parts.home;
    const note = { node, server, dialog: dialog.id, mediaDialog: endpoint.dialogId };
    endpoint.ignoreProgress();
    endpoint.set({ ...LEG_VARIABLES, [LEG_VARIABLE]: written(note) });
    whenAborted<DialogEnd>(dialog.ended, (end) => this.#finish(fromDialog(end, parts.party)));
    whenAborted<EndpointEnd>(endpoint.ended, (end) =>
      this.#finish(end.reason === 'media-time-out' ? { by: 'network', reason: end.reason } : LOST_MEDIA),
    );
  }

  /** Its media leg: another one may be wanted on the same media server. */
  get endpoint(): MediaEndpoint {
    return this.#parts.endpoint;
  }

  async play(
    paths: readonly string[],
    { stopKeys = '' }: { readonly stopKeys?: string } = {},
  ): Promise<{ outcome: PlayOutcome; key: string }> {
    const ahead = this.#keys.takeFirstOf(stopKeys);
    if (ahead !== undefined) return { outcome: 'key', key: ahead };
    if (paths.length === 0) return { outcome: 'finished', key: '' };
    return this.#guard('playing', async () => {
      let pressed = '';
      const prompt = new Prompt(this.#mouth, paths, (sound) => this.#stop(sound));
      const release = this.#keys.capture((key) => {
        if (!stopKeys.includes(key)) return false;
        pressed ||= key;
        prompt.stop();
        return true;
      });
      try {
        const outcome = await prompt.over;
        return pressed === '' ? { outcome, key: '' } : { outcome: 'key', key: pressed };
      } finally {
        release();
      }
    });
  }

  collect(request: CollectRequest): Promise<Collected> {
    // Too many digits of a secret are no answer to what is asked next.
    if (this.#collectedLast === 'secret') this.#keys.takeAhead();
    this.#collectedLast = request.secure === true ? 'secret' : 'open';
    return this.#guard('collecting keys', () => {
      if (request.secure !== true) return this.#collect(request);
      return this.#typing.inSecret(() => this.#recording.hide(() => this.#collect(request)));
    });
  }

  startMusic(name: string): Promise<void> {
    const stream = /^[A-Za-z0-9_-]{1,64}$/.test(name) ? name : DEFAULT_MUSIC;
    return this.#guard('hold music', () => this.#music(stream));
  }

  async silence(): Promise<void> {
    await this.#guard('silence', () => this.#mouth.stop());
  }

  record(path: string, options: RecordOptions): Promise<{ durationMs: number }> {
    const { clock, endpoint } = this.#parts;
    return recordMessage(path, options, {
      ...{ clock, endpoint, keys: this.#keys, mouth: this.#mouth, freed: this.freed },
      guard: (what, action) => this.#guard(what, action),
      stop: (sound) => this.#stop(sound),
    });
  }

  recordCall(path: string): Promise<void> {
    return this.#guard('recording the call', () => this.#recording.start(mediaPath(path)));
  }

  stopRecording(): Promise<void> {
    return this.#guard('the end of a recording', () => this.#recording.stop());
  }

  maskRecording(masked: boolean): Promise<void> {
    return this.#guard('a pause of the recording', () => this.#recording.mask(masked));
  }

  async bridge(other: Leg, words?: string): Promise<void> {
    assert(other instanceof VoiceLeg && other.id !== this.id, 'a leg is bridged with another leg of this telephony');
    await this.#guard('connecting', async () => {
      await Promise.all([this.#mouth.stop(), other.#guard('silence', () => other.#mouth.stop())]);
      // Who hangs up meanwhile is not waited for.
      await abortable(other.ended, connect(this.endpoint, other.endpoint)).catch((error: unknown) => {
        throw other.ended.aborted ? legEnded(other.ended.reason) : error;
      });
      if (this.ended.aborted || other.ended.aborted) throw legEnded(this.ended.reason ?? other.ended.reason);
      this.#talk = words === undefined ? undefined : { partner: other.endpoint.uuid, words };
      if (this.#talk !== undefined) this.endpoint.set({ [TALK_VARIABLE]: written(this.#talk) });
      this.#state = { state: 'bridged', partner: other };
      other.#state = { state: 'bridged', partner: this };
    });
  }

  async unbridge(): Promise<void> {
    const at = this.#state;
    if (at.state === 'bridged') {
      if (this.#talk !== undefined) this.endpoint.set({ [TALK_VARIABLE]: written({ ...this.#talk, apart: true }) });
      await this.#guard('separating', () => separate(this.endpoint, at.partner.endpoint));
      this.#part(at.partner);
    } else if (at.state === 'in-room') {
      await this.#guard('leaving', () => park(this.endpoint));
      this.#state = { state: 'alone' };
    }
  }

  async listenTo(other: Leg, mode: MonitorMode): Promise<Listening> {
    assert(other instanceof VoiceLeg && other.id !== this.id, 'a leg listens to another leg of this telephony');
    return this.#guard('listening', async () => {
      await this.#mouth.stop();
      return eavesdrop(this.#parts.endpoint, other.#parts.endpoint, mode);
    });
  }

  mute(muted: boolean): Promise<void> {
    return this.#command('muting', 'uuid_audio', 'start', 'read', 'mute', muted ? '1' : '0');
  }

  sendKeys(keys: string): Promise<void> {
    return this.#command('sending keys', 'uuid_send_dtmf', keys);
  }

  async join(room: string): Promise<void> {
    await this.#guard('silence', () => this.#mouth.stop());
    await this.unbridge();
    await this.#guard('joining', () => enter(this.endpoint, room));
    this.#state = { state: 'in-room' };
  }

  onKey(listener: (key: string) => void): () => void {
    return this.#keys.listen(listener);
  }

  onHold(listener: (held: boolean) => void): () => void {
    return this.#wishes.onHold(listener);
  }

  onRefer(listener: (refer: PhoneRefer) => () => Promise<void>): () => void {
    return this.#wishes.onRefer(listener);
  }

  async hangUp(end: LegEnd): Promise<void> {
    this.#finish(end);
    await this.freed;
  }

  quality(): Promise<LegFigures | undefined> {
    return this.#parts.endpoint.figures;
  }

  snapshot(): object {
    const state = this.#state;
    return {
      id: this.id,
      callId: this.callId,
      uuid: this.#parts.endpoint.uuid,
      state: state.state,
      ...(state.state === 'bridged' ? { partner: state.partner.id } : {}),
    };
  }

  async #collect(request: CollectRequest): Promise<Collected> {
    const begun = beginCollection(request, this.#keys.takeAhead());
    const prompt = new Prompt(this.#mouth, begun.state === 'prompting' ? request.prompts : [], (sound) =>
      this.#stop(sound),
    );
    if (begun.state === 'done') {
      await prompt.over;
      return begun.result;
    }
    return runCollection(begun, {
      clock: this.#parts.clock,
      rules: request,
      keys: this.#keys,
      ended: this.ended,
      prompt: prompt.over,
      stopPrompt: () => prompt.stop(),
    });
  }

  async #music(stream: string): Promise<void> {
    const sound = await this.#mouth.begin('playback', `local_stream://${stream}`, MUSIC_LIMIT_MS);
    sound.over.then(
      (end) => {
        if (end.outcome !== 'failed' || this.ended.aborted) return;
        this.#parts.log.warn({ stream }, 'there is no such hold music');
        if (stream !== DEFAULT_MUSIC) void this.startMusic(DEFAULT_MUSIC).catch(() => undefined);
      },
      () => undefined,
    );
  }

  #onKey(key: string): void {
    // Keys of a conversation are for the partner; only those who asked hear of them.
    this.#keys.press(key);
    if (this.#state.state === 'bridged') this.#keys.takeAhead();
  }

  /** Keys sent as RFC 4733 events reach the partner of a bridge by themselves, those sent as INFO do not. */
  #onInfoKey(key: string): void {
    const state = this.#state;
    if (state.state === 'bridged') {
      const { endpoint } = state.partner.#parts;
      endpoint.api('uuid_send_dtmf', endpoint.uuid, key).catch((error: unknown) => {
        this.#parts.log.info({ leg: this.id, reason: asError(error).message }, 'a key sent as INFO was lost');
      });
    }
    this.#onKey(key);
  }

  async #onOffer(sdp: string): Promise<string> {
    const check = checkOffer(sdp, 'change');
    if (!check.ok) throw new Error(check.reason);
    const answer = await this.#parts.endpoint.modify(sdp);
    this.#wishes.offered(sdp);
    return answer;
  }

  async #onLateAnswer(sdp: string): Promise<void> {
    try {
      await this.#onOffer(sdp);
    } catch (error) {
      this.#parts.log.warn(
        { leg: this.id, reason: asError(error).message },
        'no media: the answer in the ACK is unusable',
      );
      this.#finish({ by: 'hilo', reason: 'unusable-answer' });
    }
  }

  #command(what: string, command: string, ...args: readonly string[]): Promise<void> {
    return this.#guard(what, async () => {
      const { endpoint } = this.#parts;
      const reply = await endpoint.api(command, endpoint.uuid, ...args);
      if (reply.startsWith('-')) {
        throw new HiloError('telephony-unavailable', `${what}: the media server says ${reply.trim()}`);
      }
    });
  }

  #stop(sound: Sound): void {
    sound.stop().catch((error: unknown) => {
      this.#parts.log.warn({ leg: this.id, reason: asError(error).message }, 'playback does not stop');
    });
  }

  #part(partner: VoiceLeg): void {
    if (this.#state.state === 'bridged') this.#state = { state: 'alone' };
    if (partner.#state.state === 'bridged' && partner.#state.partner === this) partner.#state = { state: 'alone' };
  }

  #finish(end: LegEnd): void {
    if (this.ended.aborted) return;
    const was = this.#state;
    this.#state = { state: 'ended' };
    if (was.state === 'bridged') this.#part(was.partner);
    this.#end.abort(end);
  }

  async #free(): Promise<void> {
    await Promise.all([this.#parts.dialog.bye(), this.#parts.endpoint.close()]);
  }

  /** What goes wrong while the leg ends is its end; everything else is the media server's fault. */
  async #guard<T>(what: string, action: () => Promise<T>): Promise<T> {
    if (this.ended.aborted) throw legEnded(this.ended.reason);
    try {
      const result = await action();
      // A playback that resolves at hang-up was not heard (compatibility J11).
      if (this.ended.aborted) throw legEnded(this.ended.reason);
      return result;
    } catch (error) {
      if (this.ended.aborted) throw legEnded(this.ended.reason);
      throw mediaError(what, error);
    }
  }
}
