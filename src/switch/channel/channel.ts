// One call leg at the media server, in FreeSWITCH's terms: variables, applications, bridge partner, events, hang-up.
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { withTimeOut } from '../../lib/time-out.js';
import type { MediaLeg, Playback } from '../media/media-leg.js';
import { Detections } from './beside/detections.js';
import { DigitActions } from './beside/digit-actions.js';
import { Displacements } from './beside/displacements.js';
import { Mutes } from './beside/mutes.js';
import { mediaStatistics } from './command/media-statistics.js';
import type { Control } from './control.js';
import type { Core } from './core.js';
import { Digits } from './digits.js';
import { type EventHeaders, SwitchEvent } from './event.js';
import type { EventBus } from './event-bus.js';
import { type Command, Executions } from './executions.js';
import {
  CALL_STATE_NUMBERS,
  type CallState,
  MACHINE_STATE_NUMBERS,
  MACHINE_STATES,
  type MachineState,
  type Occupation as OccupationWith,
} from './occupation.js';
import { Recordings } from './recordings.js';
import { isTrue, Variables } from './variables.js';

/** Longest wait for applications and recordings to end when the channel changes or hangs up. */
export const SETTLE_LIMIT_MS = 1_000;

export interface ChannelPorts {
  readonly core: Core;
  readonly bus: EventBus;
  readonly leg: MediaLeg;
  readonly ids: Ids;
  readonly log: Log;
  /** Runs an application of the dialplan; the text becomes Application-Response. */
  run(channel: Channel, command: Command, control: Control): string | Promise<string>;
  /** Ends the SIP dialog from our side. */
  sayBye(cause: string): void;
  /** Offers media anew to the peer; false when it cannot be done now. */
  renegotiate(): boolean;
}

export interface PressedDigit {
  readonly digit: string;
  /** In samples of 8 kHz. */
  readonly duration: number;
  /** `RTP` (RFC 4733), `ENDPOINT` (SIP INFO), `INBAND_AUDIO` (start_dtmf) or `APP` (uuid_recv_dtmf). */
  readonly source: 'RTP' | 'ENDPOINT' | 'INBAND_AUDIO' | 'APP';
}

type Life =
  | { readonly at: 'up' }
  /** Hung up; applications and recordings are ending. */
  | { readonly at: 'ending'; readonly cause: string }
  | { readonly at: 'over'; readonly cause: string };

export type Occupation = OccupationWith<Channel>;

/** One step of a dialplan. */
export interface BaseApplication {
  readonly name: string;
  readonly argument: string;
}

interface EmitOptions {
  readonly subclass?: string;
  /** Shows another machine state than the current one: passing states have no time of their own here. */
  readonly machineState?: MachineState;
}

/** Events that carry no `variable_*` (compatibility C5). */
const WITHOUT_VARIABLES: ReadonlySet<string> = new Set(['CHANNEL_CALLSTATE', 'DTMF', 'CHANNEL_STATE']);

/** CUSTOM events with what a remote party types; an extension of ours. */
export const TEXT_SUBCLASS = 'hilo::text';
/** CUSTOM event with the figures of a leg (`variable_rtp_audio_…`) that this side ends; an extension of ours. */
export const FIGURES_SUBCLASS = 'hilo::figures';

export class Channel {
  readonly id: string;
  readonly name: string;
  readonly variables = new Variables();
  readonly digits = new Digits();
  readonly recordings: Recordings;
  readonly displacements: Displacements;
  readonly mutes: Mutes;
  readonly detections: Detections;
  readonly digitActions: DigitActions;
  /** Keys of the party are nobody's business for now (block_dtmf). */
  dropsKeys = false;
  /** The file that is heard, for who wants to steer it. */
  playing: Playback | undefined;
  readonly leg: MediaLeg;
  readonly log: Log;
  readonly createdMs: number;
  readonly #ports: ChannelPorts;
  readonly #executions: Executions;
  readonly #overListeners = new Set<() => void>();
  #life: Life = { at: 'up' };
  #occupation: Occupation = { kind: 'dialplan' };
  #callState: CallState = 'ACTIVE';
  /** Counts changes of occupation: the latest one wins over those still waiting for applications to end. */
  #turn = 0;
  #holdMusic: Playback | undefined;
  #writeText: (text: string) => boolean = () => false;

  constructor(id: string, name: string, ports: ChannelPorts) {
    this.id = id;
    this.name = name;
    this.leg = ports.leg;
    this.log = ports.log;
    this.#ports = ports;
    this.createdMs = ports.core.clock.nowMs();
    this.recordings = new Recordings(this);
    this.mutes = new Mutes(ports.leg);
    this.displacements = new Displacements(ports.leg, this.mutes);
    this.detections = new Detections(ports.leg);
    this.digitActions = new DigitActions(ports.core.clock);
    this.#executions = new Executions({
      begin: (command) => {
        this.variables.state('current_application', command.application);
        this.variables.state('current_application_data', command.argument);
        this.variables.state('app_uuid', command.id);
        this.#announce('CHANNEL_EXECUTE', command);
      },
      run: (command, control) => ports.run(this, command, control),
      end: (command, response) => {
        this.variables.state('current_application_response', response);
        this.#announce('CHANNEL_EXECUTE_COMPLETE', command, { 'Application-Response': response });
      },
      failed: (command, error) =>
        this.log.error({ err: error, application: command.application }, 'application failed'),
    });
    this.leg.onDigit((digit) => this.press({ digit: digit.digit, duration: digit.durationSamples, source: 'RTP' }));
    this.leg.onTimeOut(() => this.hangup('MEDIA_TIMEOUT'));
    this.leg.onFailure((reason) => {
      this.log.error({ reason }, 'media leg failed');
      this.hangup('DESTINATION_OUT_OF_ORDER');
    });
  }

  get core(): Core {
    return this.#ports.core;
  }
  get ids(): Ids {
    return this.#ports.ids;
  }
  /** False from the moment of hang-up on, while completions are still being told. */
  get up(): boolean {
    return this.#life.at === 'up';
  }
  get occupation(): Occupation {
    return this.#occupation;
  }
  get callState(): CallState {
    return this.#callState;
  }
  get partner(): Channel | undefined {
    return this.#occupation.kind === 'bridged' ? this.#occupation.partner : undefined;
  }

  /** Runs a command now, nested in what runs, or when the present one ends. It always gets its completion event. */
  execute(command: Command): void {
    this.#executions.submit(command);
  }

  /** `break`: the file being played; `break-all`: whole applications. */
  interrupt(reason: 'break' | 'break-all'): void {
    this.#executions.stop(reason);
  }

  press(pressed: PressedDigit): void {
    if (!this.up || this.dropsKeys || isTrue(this.variables.get('drop_dtmf'))) return;
    this.emit('DTMF', {
      'DTMF-Digit': pressed.digit,
      'DTMF-Duration': String(pressed.duration),
      'DTMF-Source': pressed.source,
    });
    if (!this.digitActions.press(pressed.digit)) this.digits.push(pressed.digit);
  }

  /** Characters that the remote party typed (RFC 4103): for the partner, as far as it reads text, and for who listens. */
  hearText(text: string): void {
    if (!this.up) return;
    const relayed = this.partner?.sendText(text) ?? false;
    this.emit('CUSTOM', { 'Hilo-Text': text, 'Hilo-Text-Relayed': String(relayed) }, { subclass: TEXT_SUBCLASS });
  }

  /** Types to the remote party; false when it has no text, or too much waits already. */
  sendText(text: string): boolean {
    return this.up && this.#writeText(text);
  }

  /** How {@link sendText} reaches the remote party. */
  writeTextBy(write: (text: string) => boolean): void {
    this.#writeText = write;
  }

  /** Ends what runs, keeps what waits. True when the caller may now give the channel its next occupation. */
  async release(): Promise<boolean> {
    if (!this.up) return false;
    const turn = ++this.#turn;
    await this.#settled('transfer', this.#executions.hold());
    return this.up && turn === this.#turn;
  }

  /** Gives a released channel its next occupation; a partner left behind is told. {@link resume} or {@link follow} it. */
  occupy(next: Occupation): void {
    this.#leavePartner();
    this.#occupation = next;
  }

  /** Lets commands run again after {@link release}. */
  resume(): void {
    this.#executions.resume();
  }

  /** Runs base applications one after the other and hangs up after the last. */
  async follow(applications: readonly BaseApplication[]): Promise<void> {
    const turn = this.#turn;
    for (const { name, argument } of applications) {
      await new Promise<void>((ended) => {
        this.#executions.resume({ application: name, argument, id: this.ids.uuid(), ended });
      });
      if (!this.up || turn !== this.#turn) return;
    }
    this.hangup('NORMAL_CLEARING');
  }

  /** A transfer leaves the old bridge for the dialplan: the client sees RINGING and ACTIVE (compatibility J12). */
  reroute(applications: readonly BaseApplication[]): void {
    this.occupy({ kind: 'dialplan' });
    this.changeCallState('RINGING', 'CS_ROUTING');
    this.changeCallState('ACTIVE');
    void this.follow(applications);
  }

  changeCallState(next: CallState, machineState?: MachineState): void {
    const original = this.#callState;
    if (original === next) return;
    this.#callState = next;
    this.emit(
      'CHANNEL_CALLSTATE',
      { 'Original-Channel-Call-State': original, 'Channel-Call-State-Number': String(CALL_STATE_NUMBERS[next]) },
      machineState === undefined ? {} : { machineState },
    );
  }

  /** Music instead of us, for as long as the other side holds. */
  playHoldMusic(start: (() => Playback) | undefined): void {
    this.#holdMusic?.stop();
    this.#holdMusic = start?.();
  }

  /**
   * Ends the call. Order of what follows (compatibility C5, J11): BYE, completions of all applications from the
   * innermost out, CHANNEL_CALLSTATE HANGUP, CHANNEL_HANGUP and _COMPLETE, then {@link onOver}.
   */
  hangup(cause: string, by: 'us' | 'peer' = 'us'): void {
    if (this.#life.at !== 'up') return;
    this.#life = { at: 'ending', cause };
    if (by === 'us') this.#ports.sayBye(cause);
    this.#windUp(cause, by).catch((error: unknown) => this.log.error({ err: error }, 'hang-up failed'));
  }

  /** Offers media anew, by the codecs of the variable codec_string; false when the channel is gone or an offer is open. */
  renegotiate(): boolean {
    return this.up && this.#ports.renegotiate();
  }

  /** Called once when everything about the channel has been told; the function returned takes the wish back. */
  onOver(listener: () => void): () => void {
    if (this.#life.at === 'over') listener();
    else this.#overListeners.add(listener);
    return () => this.#overListeners.delete(listener);
  }

  emit(name: string, extra: EventHeaders = {}, options: EmitOptions = {}): void {
    const { subclass } = options;
    this.#ports.bus.publish({ name, channelId: this.id, ...(subclass === undefined ? {} : { subclass }) }, () => {
      const headers = this.core.head(name, subclass);
      Object.assign(headers, this.headers(options.machineState), extra);
      if (!WITHOUT_VARIABLES.has(name)) {
        for (const [variable, value] of this.variables.changed()) headers[`variable_${variable}`] = value;
      }
      return new SwitchEvent(headers);
    });
  }

  /** The headers that describe the channel itself; a twentieth of FreeSWITCH's, all that its clients read. */
  headers(shown?: MachineState): EventHeaders {
    const state = shown ?? (this.#life.at === 'over' ? 'CS_HANGUP' : MACHINE_STATES[this.#occupation.kind]);
    const headers: EventHeaders = {
      'Channel-State': state,
      'Channel-Call-State': this.#callState,
      'Channel-State-Number': String(MACHINE_STATE_NUMBERS[state]),
      'Channel-Name': this.name,
      'Unique-ID': this.id,
      'Call-Direction': 'inbound',
      'Channel-Call-UUID': this.partner?.id ?? this.id,
      'Answer-State': this.up ? 'answered' : 'hangup',
    };
    if (this.#life.at !== 'up') headers['Hangup-Cause'] = this.#life.cause;
    return headers;
  }

  /** The partner is gone or elsewhere. */
  #partnerLeft(): void {
    if (this.#occupation.kind !== 'bridged') return;
    this.#occupation = { kind: 'parked' };
    this.playHoldMusic(undefined);
    if (this.#callState === 'HELD') this.changeCallState('ACTIVE');
    if (!this.up || this.#executions.held) return; // its own next occupation is on the way
    if (isTrue(this.variables.get('hangup_after_bridge'))) this.hangup('NORMAL_CLEARING');
    else this.emit('CHANNEL_PARK');
  }

  #leavePartner(): void {
    const { partner } = this;
    if (!partner) return;
    this.leg.unbridge();
    this.#occupation = { kind: 'parked' };
    this.playHoldMusic(undefined);
    this.emit('CHANNEL_UNBRIDGE', { 'Bridge-A-Unique-ID': this.id, 'Bridge-B-Unique-ID': partner.id });
    partner.#partnerLeft();
  }

  async #windUp(cause: string, by: 'us' | 'peer'): Promise<void> {
    this.digitActions.clear('all');
    if (by === 'us') await this.#settled('figures', this.#tellFigures());
    await this.#settled('hangup', this.#executions.close());
    this.#leavePartner();
    this.playHoldMusic(undefined);
    await this.#settled('recordings', this.recordings.stopAll());
    this.#life = { at: 'over', cause };
    this.changeCallState('HANGUP');
    this.emit('CHANNEL_HANGUP');
    this.emit('CHANNEL_HANGUP_COMPLETE');
    for (const listener of this.#overListeners) listener();
    this.#overListeners.clear();
    await this.leg.close();
  }

  /** Whoever is not told before that the leg ends cannot ask in time how it sounded. */
  async #tellFigures(): Promise<void> {
    try {
      const figures = mediaStatistics(await this.leg.stats());
      const headers = Object.entries(figures).map(([name, value]) => [`variable_${name}`, value]);
      this.emit('CUSTOM', Object.fromEntries(headers), { subclass: FIGURES_SUBCLASS });
    } catch (error) {
      this.log.info({ err: error }, 'nobody knows how this leg sounded');
    }
  }

  async #settled(what: string, ending: Promise<void>): Promise<void> {
    try {
      await withTimeOut(this.core.clock, what, SETTLE_LIMIT_MS, ending);
    } catch (error) {
      this.log.warn({ err: error }, 'applications did not end in time');
      this.#executions.forceEnd();
    }
  }

  #announce(name: string, { application, argument, id }: Command, extra: EventHeaders = {}): void {
    const headers: EventHeaders = { Application: application };
    if (argument !== '') headers['Application-Data'] = argument;
    this.emit(name, { ...headers, ...extra, 'Application-UUID': id });
  }
}
