// A telephone in the browser: SIP over WebSocket (RFC 7118) with the browser's own media. One call at a time.
import type { UA } from 'jssip';
import type { RTCSessionEvent } from 'jssip/lib/UA.js';
import { type AudioChoices, type AudioRole, withChoice } from './audio/choices.js';
import { closeStream } from './audio/microphone.js';
import { RingTone } from './audio/ring-tone.js';
import { OWN_SOUND, type PhoneSound } from './audio/sound.js';
import { aboutIncoming, hostOf, targetOf } from './call-details.js';
import { ownInstance } from './own-instance.js';
import { isOwnRing } from './own-ring.js';
import { type AboutCall, PhoneSession } from './phone-session.js';
import { type PhoneAccount, type PhoneCall, type PhoneFailure, type PhoneView, SILENT_PHONE } from './phone-view.js';
import { loadSip, type SipLibrary } from './sip-library.js';
import { SipLine } from './sip-line.js';

/** A call whose connection was lost is kept by the server for fifteen seconds (HILO_SIP_LOST_CONNECTION). */
const RECOVERY_S = { min: 1, max: 4 };
/** The server sees by itself when a browser is gone; this is for servers that do not. */
const REGISTRATION_S = 300;
/** How long the end of a call is shown. */
const ENDED_MS = 4_000;
/** After the registrar has refused; doubled each time. */
const AGAIN_MS = { first: 2_000, most: 60_000 };

export interface SoftPhoneOptions {
  /** Asked for at the start and whenever what was given grows old. Rejects with {@link NoAccount}, or what fetch rejects with. */
  readonly account: () => Promise<PhoneAccount>;
  readonly audio?: AudioChoices;
  /** Rings by sound here; false where something else does. */
  readonly rings?: boolean;
  /** Instead of this machine's microphone and speakers. */
  readonly sound?: PhoneSound;
  readonly nowMs?: () => number;
}

/** Nothing that trying again would change. */
export class NoAccount extends Error {
  constructor(readonly reason: Extract<PhoneFailure, 'no-device' | 'refused'>) {
    super(reason);
  }
}

export class SoftPhone {
  #view: PhoneView = SILENT_PHONE;
  #ua: UA | undefined;
  #line: SipLine | undefined;
  #host = '';
  #session: PhoneSession | undefined;
  #audio: AudioChoices;
  /** Bumped by start and stop: what an earlier start was waiting for is void. */
  #round = 0;
  #refusals = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #forgetting: ReturnType<typeof setTimeout> | undefined;
  readonly #ring = new RingTone();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: SoftPhoneOptions) {
    this.#audio = options.audio ?? {};
  }

  /** The same object until something changes. */
  get view(): PhoneView {
    return this.#view;
  }

  /** Calls `listener` after each change; returns how to stop that. */
  onState(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Connects, and registers where the account has credentials. What goes wrong is seen in {@link view}. */
  async start(): Promise<void> {
    if (this.#view.phone.state === 'connecting') return;
    if (this.#ua !== undefined) return this.#startAgain(this.#ua);
    this.#round += 1;
    const round = this.#round;
    this.#showPhone('connecting');
    try {
      const [sip, account, instance] = await Promise.all([loadSip(), this.options.account(), ownInstance()]);
      if (round === this.#round) this.#open(sip, account, instance);
    } catch (error) {
      if (round !== this.#round) return;
      this.#fail(error instanceof NoAccount ? error.reason : 'unreachable');
      if (!(error instanceof NoAccount)) this.#later(() => void this.start());
    }
  }

  /** Hangs up, unregisters and closes the connection. */
  stop(): void {
    this.#round += 1;
    clearTimeout(this.#again);
    removeEventListener('online', this.#networkChanged);
    this.#ring.stop();
    this.#session?.hangUp();
    // All of them: what this browser registered before its page was loaded anew has no page any more.
    if (this.#ua?.isRegistered() === true) this.#ua.unregister({ all: true });
    this.#ua?.stop();
    this.#ua = undefined;
    this.#line = undefined;
    this.#show({ phone: { state: 'off' }, call: this.#view.call });
  }

  /**
   * False: the number cannot be dialled, another call goes on, or the phone is not ready.
   * Rejects with what the browser says of the microphone.
   */
  async call(number: string): Promise<boolean> {
    const target = targetOf(number, this.#host);
    const ua = this.#ua;
    if (target === undefined || ua === undefined || !this.#mayCall()) return false;
    const stream = await (this.options.sound ?? OWN_SOUND).microphone(this.#audio.microphone);
    if (this.#ua !== ua || !this.#mayCall()) {
      closeStream(stream);
      return false;
    }
    // Known as soon as JsSIP tells of it, before this returns.
    ua.call(target, { mediaStream: stream, pcConfig: { iceServers: [] } });
    this.#session?.speaksWith(stream);
    return true;
  }

  async answer(): Promise<void> {
    const session = this.#session;
    if (session === undefined || session.view.state !== 'ringing' || session.view.direction !== 'in') return;
    this.#ring.stop();
    try {
      await session.answer(this.#audio.microphone);
    } catch (error) {
      this.#fail('no-microphone');
      session.refuse();
      throw error;
    }
  }

  refuse(): void {
    if (this.#session?.view.state === 'ringing') this.#session.refuse();
  }

  hangUp(): void {
    this.#session?.hangUp();
  }

  mute(on: boolean): void {
    if (this.#session?.view.state === 'talking') this.#session.mute(on);
  }

  /** Keys 0-9 * # A-D; others are left out. */
  press(keys: string): void {
    if (this.#session?.view.state === 'talking') this.#session.press(keys);
  }

  /** Takes effect at once, in a call too. */
  choose(role: AudioRole, id: string): void {
    this.#audio = withChoice(this.#audio, role, id);
    if (role === 'speaker') this.#session?.chooseSpeaker(this.#audio.speaker);
    if (role === 'microphone') void this.#speak();
  }

  /** It is connected, but something else had failed: nobody could be heard, or the registrar has refused. */
  async #startAgain(ua: UA): Promise<void> {
    if (ua.isRegistered()) this.#showPhone('ready');
    await this.#speak();
  }

  /** In the call, through the microphone that was chosen, or the browser's own when that one is gone. */
  async #speak(): Promise<void> {
    try {
      await this.#session?.chooseMicrophone(this.#audio.microphone);
    } catch (error) {
      console.warn('no microphone for the call', error);
      this.#fail('no-microphone');
    }
  }

  #open(sip: SipLibrary, account: PhoneAccount, instance: string): void {
    const { server, uri, credentials } = account;
    this.#host = hostOf(uri);
    const line = new SipLine(server);
    const ua = new sip.UA({
      ...{ sockets: [line], uri, session_timers: false, user_agent: 'Hilo' },
      ...{ register: credentials !== undefined, register_expires: REGISTRATION_S, instance_id: instance },
      connection_recovery_min_interval: RECOVERY_S.min,
      connection_recovery_max_interval: RECOVERY_S.max,
      ...(credentials === undefined ? {} : { authorization_user: credentials.user, password: credentials.password }),
    });
    this.#ua = ua;
    this.#line = line;
    ua.on('connected', () => {
      if (credentials === undefined) this.#ready();
    });
    ua.on('disconnected', () => this.#lost());
    ua.on('registered', () => {
      this.#refusals = 0;
      this.#ready();
    });
    ua.on('registrationFailed', () => this.#refused(ua));
    // Renewed with fresh credentials: those of the start are short-lived.
    ua.on('registrationExpiring', () => void this.#renew(ua));
    ua.on('newRTCSession', ({ session, originator, request }: RTCSessionEvent) => {
      const isTheirs = String(originator) === 'remote';
      const about: AboutCall = isTheirs
        ? aboutIncoming(request)
        : { direction: 'out', from: request.to.uri.user, fromName: '' };
      if (this.#isBusy()) session.terminate({ status_code: 486 });
      else this.#take(new PhoneSession(session, this.#sessionOptions(about, ua, line)), about);
    });
    addEventListener('online', this.#networkChanged);
    ua.start();
  }

  #sessionOptions(about: AboutCall, ua: UA, line: SipLine) {
    return {
      ...{ about, speaker: this.#audio.speaker },
      onChange: (call: PhoneCall) => this.#callChanged(call),
      reaches: () => this.#reaches(ua, line),
      onMicrophoneGone: () => void this.#speak(),
      nowMs: this.options.nowMs ?? Date.now,
      sound: this.options.sound ?? OWN_SOUND,
    };
  }

  #take(session: PhoneSession, about: AboutCall): void {
    this.#session = session;
    this.#callChanged(session.view);
    if (about.direction === 'out') return;
    // Somebody who was talking and loaded the page anew wants to go on talking.
    if (about.again || (about.placed && isOwnRing())) void this.answer().catch(() => undefined);
    else if (this.options.rings !== false) this.#ring.start(this.#audio.ringer);
  }

  #callChanged(call: PhoneCall): void {
    clearTimeout(this.#forgetting);
    if (call.state !== 'ringing') this.#ring.stop();
    if (call.state === 'ended') {
      this.#session = undefined;
      this.#forgetting = setTimeout(() => this.#show({ ...this.#view, call: undefined }), ENDED_MS);
    }
    this.#show({ ...this.#view, call });
  }

  /** What was connected through another network is of no use; the media follow as soon as the phone is ready again. */
  readonly #networkChanged = (): void => this.#line?.renew();

  /** False: what is said now would not arrive; a new connection is on its way. */
  async #reaches(ua: UA, line: SipLine): Promise<boolean> {
    if (!ua.isConnected()) return false;
    const isThere = await line.answers();
    if (!isThere && this.#ua === ua && ua.isConnected()) line.renew();
    return isThere;
  }

  #ready(): void {
    this.#showPhone('ready');
    void this.#session?.mend();
  }

  #lost(): void {
    // JsSIP connects again by itself; what is seen meanwhile is true.
    if (this.#ua !== undefined) this.#fail('unreachable');
  }

  #refused(ua: UA): void {
    if (this.#ua !== ua || !ua.isConnected()) return;
    this.#fail('refused');
    this.#later(() => void this.#renew(ua));
  }

  /** Registers once more, with an account that was asked for now. */
  async #renew(ua: UA): Promise<void> {
    try {
      const { credentials } = await this.options.account();
      if (this.#ua !== ua) return;
      if (credentials !== undefined) {
        ua.set('authorization_user', credentials.user);
        ua.set('password', credentials.password);
      }
      ua.register();
    } catch (error) {
      if (this.#ua !== ua) return;
      if (error instanceof NoAccount) this.#fail(error.reason);
      this.#later(() => void this.#renew(ua));
    }
  }

  #later(act: () => void): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(act, Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** this.#refusals));
    this.#refusals += 1;
  }

  #mayCall(): boolean {
    return this.#view.phone.state === 'ready' && !this.#isBusy();
  }

  #isBusy(): boolean {
    return this.#session !== undefined;
  }

  #showPhone(state: 'connecting' | 'ready'): void {
    this.#show({ ...this.#view, phone: { state } });
  }

  #fail(reason: PhoneFailure): void {
    this.#show({ ...this.#view, phone: { state: 'failed', reason } });
  }

  #show(view: PhoneView): void {
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }
}
