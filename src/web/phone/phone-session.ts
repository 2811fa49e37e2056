// One call of a phone: what SIP and the browser's media say of it, as the state that people see.
import type { RTCSession } from 'jssip/lib/RTCSession.js';
import { closeStream } from './audio/microphone.js';
import type { PhoneSound } from './audio/sound.js';
import type { PhoneCall } from './phone-view.js';

/** Of RFC 4733, in ms. */
const KEY_MS = 100;
/** How long a connection may be silent before it is mended: the browser finds small gaps by itself. */
const MEND_AFTER_MS = 1_000;
const MEND_AGAIN_MS = 3_000;
/** Hilo's servers have addresses of their own: nobody has to be asked for the way (RFC 8839). */
const CONNECTION: RTCConfiguration = { iceServers: [] };
/**
 * With these JsSIP ends a call whose re-INVITE got no answer, or not the wanted one; RFC 3261 §14.1 leaves it as it was.
 * When the server does not know the call any more (481), it is over indeed.
 */
const MENDED_CAUSES = ['Connection Error', 'Request Timeout', 'WebRTC Error'];

export type AboutCall = Pick<
  PhoneCall,
  | 'direction'
  | 'from'
  | 'fromName'
  | 'reference'
  | 'interaction'
  | 'queue'
  | 'note'
  | 'transferredBy'
  | 'again'
  | 'placed'
>;

export interface SessionOptions {
  readonly about: AboutCall;
  readonly speaker: string | undefined;
  readonly onChange: (call: PhoneCall) => void;
  /** Whether the server hears us now: what is said into a dead connection ends the call (JsSIP). Never rejects. */
  readonly reaches: () => Promise<boolean>;
  /** The microphone of the call has gone (unplugged, or the browser was told not to let it be used any more). */
  readonly onMicrophoneGone: () => void;
  readonly nowMs: () => number;
  readonly sound: PhoneSound;
}

export class PhoneSession {
  #view: PhoneCall;
  #microphone: MediaStream | undefined;
  #mending: ReturnType<typeof setTimeout> | undefined;
  readonly #speaker: ReturnType<PhoneSound['speaker']>;

  constructor(
    private readonly session: RTCSession,
    private readonly options: SessionOptions,
  ) {
    this.#speaker = options.sound.speaker(options.speaker);
    this.#view = {
      ...options.about,
      ...{ id: session.id, state: 'ringing', muted: false, link: 'good', sinceMs: options.nowMs() },
    };
    if (session.connection) this.#watch(session.connection);
    session.on('peerconnection', ({ peerconnection }) => this.#watch(peerconnection));
    session.on('confirmed', () => this.#show({ state: 'talking', sinceMs: options.nowMs() }));
    session.on('ended', ({ cause }) => this.#over(cause));
    session.on('failed', ({ cause }) => this.#over(cause));
    this.#keepThrough(session);
  }

  get view(): PhoneCall {
    return this.#view;
  }

  get isOver(): boolean {
    return this.#view.state === 'ended';
  }

  /** Rejects with what the browser says of the microphone. */
  async answer(microphone: string | undefined): Promise<void> {
    const stream = await this.options.sound.microphone(microphone);
    if (this.isOver) return closeStream(stream);
    this.speaksWith(stream);
    // FreeSWITCH has the phone make the offer (docs/real-pair.md), and JsSIP then wants to be told that it has audio.
    const rtcOfferConstraints = { offerToReceiveAudio: true };
    this.session.answer({ mediaStream: stream, pcConfig: CONNECTION, rtcOfferConstraints });
  }

  /** Ends with the call. For a call that goes out JsSIP has been given this stream. */
  speaksWith(stream: MediaStream): void {
    closeStream(this.#microphone);
    this.#microphone = stream;
    // Told by the browser; whoever stops a track is not told (Media Capture and Streams §4.3.3).
    for (const track of stream.getAudioTracks()) track.addEventListener('ended', () => this.#gone(track));
  }

  refuse(): void {
    this.session.terminate({ status_code: 486, reason_phrase: 'Busy Here' });
  }

  hangUp(): void {
    if (!this.isOver) this.session.terminate();
  }

  mute(muted: boolean): void {
    if (muted) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
    this.#show({ muted });
  }

  press(keys: string): void {
    for (const key of keys.toUpperCase().replace(/[^0-9*#A-D]/g, '')) {
      // By the media: `transportType` is a const enum of JsSIP's types, which has no value at run time.
      this.session.sendDTMF(key, { transportType: 'RFC2833' as never, duration: KEY_MS });
    }
  }

  chooseSpeaker(id: string | undefined): void {
    this.#speaker.choose(id);
  }

  /** Speaks through another microphone from now on; the call goes on meanwhile. */
  async chooseMicrophone(id: string | undefined): Promise<void> {
    if (this.#microphone === undefined || this.isOver) return;
    const stream = await this.options.sound.microphone(id);
    const [track] = stream.getAudioTracks();
    const sender = this.session.connection?.getSenders().find((one) => one.track?.kind === 'audio');
    if (track === undefined || sender === undefined || this.isOver) return closeStream(stream);
    track.enabled = !this.#view.muted;
    await sender.replaceTrack(track);
    this.speaksWith(stream);
  }

  /** After a change of network: new ways are looked for while the call goes on (RFC 8445 §2.4). Never rejects. */
  async mend(): Promise<void> {
    if (this.#view.state !== 'talking') return;
    clearTimeout(this.#mending);
    const isReached = await this.options.reaches();
    if (this.isOver) return;
    const isAsked = isReached && this.session.renegotiate({ rtcOfferConstraints: { iceRestart: true } });
    clearTimeout(this.#mending);
    // Not now: SIP is not there, or another re-INVITE is under way.
    this.#mending = setTimeout(() => this.#mendIfLost(), isAsked ? MEND_AGAIN_MS : MEND_AFTER_MS);
  }

  #keepThrough(session: RTCSession): void {
    const terminate = session.terminate.bind(session);
    session.terminate = (options) => {
      const isKept = this.#view.state === 'talking' && MENDED_CAUSES.includes(options?.cause ?? '');
      if (isKept) console.warn('a re-INVITE failed; the call goes on', options?.cause);
      else terminate(options);
    };
  }

  #mendIfLost(): void {
    if (this.#view.link === 'lost') void this.mend();
  }

  #gone(track: MediaStreamTrack): void {
    if (!this.isOver && this.#microphone?.getAudioTracks().includes(track) === true) this.options.onMicrophoneGone();
  }

  #watch(connection: RTCPeerConnection): void {
    connection.addEventListener('track', ({ streams, track }) => {
      this.#speaker.play(streams[0] ?? new MediaStream([track]));
    });
    connection.addEventListener('iceconnectionstatechange', () => {
      const { iceConnectionState: state } = connection;
      if (state === 'connected' || state === 'completed') {
        clearTimeout(this.#mending);
        this.#show({ link: 'good' });
      } else if (state === 'disconnected' || state === 'failed') {
        this.#show({ link: 'lost' });
        clearTimeout(this.#mending);
        this.#mending = setTimeout(() => this.#mendIfLost(), state === 'failed' ? 0 : MEND_AFTER_MS);
      }
    });
  }

  #over(cause: string): void {
    clearTimeout(this.#mending);
    this.#speaker.stop();
    closeStream(this.#microphone);
    this.#show({ state: 'ended', cause, sinceMs: this.options.nowMs() });
  }

  #show(change: Partial<PhoneCall>): void {
    if (this.isOver) return;
    this.#view = { ...this.#view, ...change };
    this.options.onChange(this.#view);
  }
}
