// Owns the media of one leg as negotiated: descriptions exchanged, versions, and what the media engine is told.
import type { Ids } from '../../lib/ids.js';
import type { Variables } from '../channel/variables.js';
import type { LegKind, MediaLeg } from '../media/media-leg.js';
import { type AudioPayloadType, CODEC_NAMES, codecsNamedIn } from '../sdp/audio-codec.js';
import {
  type LocalStream,
  makeAnswer,
  makeFurtherOffer,
  makeOffer,
  mirrored,
  type Offered,
  type RemoteStream,
  readAnswer,
  readOffer,
} from '../sdp/negotiation.js';
import type { Security, SecurityKind } from '../sdp/security.js';
import type { SdesKeys } from '../secure/srtp-session.js';
import { LocalSecurity } from './local-security.js';
import type { SessionText } from './session-text.js';

/** A peer that ought to send and sends nothing for so long is gone: the figure of FreeSWITCH's own profiles. */
export const SILENT_SECONDS_MAX = 300;
/** One on hold need not send. */
export const HELD_SECONDS_MAX = 1_800;

export type Negotiated = { readonly ok: true; readonly sdp: string } | { readonly ok: false; readonly reason: string };

/** What a leg of a kind can be changed to later. */
const KINDS: Readonly<Record<LegKind, readonly SecurityKind[]>> = { udp: ['plain', 'sdes'], webrtc: ['webrtc'] };

export interface MediaSessionOptions {
  readonly leg: MediaLeg;
  readonly kind: LegKind;
  readonly variables: Variables;
  readonly sessionId: string;
  readonly ids: Ids;
  readonly text: SessionText;
}

export class MediaSession {
  readonly #leg: MediaLeg;
  readonly #kinds: readonly SecurityKind[];
  readonly #variables: Variables;
  readonly #sessionId: string;
  readonly #security: LocalSecurity;
  readonly #text: SessionText;
  #local = { sdp: '', version: 0 };
  /** What the peer described last; a further offer of ours keeps its lines. */
  #described: Offered | undefined;
  #kind: SecurityKind;

  constructor({ leg, kind, variables, sessionId, ids, text }: MediaSessionOptions) {
    this.#leg = leg;
    this.#kinds = KINDS[kind];
    this.#variables = variables;
    this.#sessionId = sessionId;
    this.#security = new LocalSecurity(leg, ids);
    this.#text = text;
    this.#kind = kind === 'webrtc' ? 'webrtc' : 'plain';
  }

  /** The protection in force, or of the offer of ours that is out. */
  get kind(): SecurityKind {
    return this.#kind;
  }

  /** Our answer to the peer's offer. A refused offer changes nothing. Never rejects. */
  async answer(offer: string): Promise<Negotiated> {
    const read = readOffer(offer, this.#kinds);
    if (!read.ok) return read;
    const { offered } = read;
    const secured = await this.#security.answering(offered.remote);
    if (!secured.ok) return secured;
    // Text is for phones; what a browser or an encrypted phone writes would go out in clear.
    const text = secured.local.kind === 'plain' ? await this.#text.answering(offered.session) : undefined;
    this.#describe((version) => makeAnswer(offered, this.#stream(version, secured.local), text));
    this.#connect(offer, offered, secured.keys);
    return { ok: true, sdp: this.#local.sdp };
  }

  /**
   * Our offer: to an INVITE without one, or a further one inside the call; `kind` where there is a choice. Its codecs are
   * those of the variables absolute_codec_string or codec_string, as far as they are ours. Refused when the media engine
   * cannot.
   */
  async offer(kind: SecurityKind = this.#kind, withText = false): Promise<Negotiated> {
    try {
      await this.#offer(kind, withText);
      return { ok: true, sdp: this.#local.sdp };
    } catch (error) {
      return { ok: false, reason: String(error) };
    }
  }

  async #offer(kind: SecurityKind, withText: boolean): Promise<void> {
    const security = await this.#security.offered(kind);
    const codecs = this.#codecs();
    const before = this.#described;
    if (before === undefined) {
      const text = withText && kind === 'plain' ? await this.#text.offering() : undefined;
      this.#describe((version) => makeOffer(this.#stream(version, security), text, codecs));
    } else {
      const text = kind === 'plain' ? await this.#text.answering(before.session) : undefined;
      this.#describe((version) => makeFurtherOffer(before, this.#stream(version, security), text, codecs));
    }
    this.#kind = kind;
  }

  #codecs(): readonly AudioPayloadType[] | undefined {
    const wanted = this.#variables.get('absolute_codec_string') ?? this.#variables.get('codec_string') ?? '';
    const codecs = codecsNamedIn(wanted);
    return codecs.length === 0 ? undefined : codecs;
  }

  /** The peer's answer to {@link offer}, from its ACK. */
  async acceptAnswer(answer: string): Promise<Negotiated> {
    // fsmrf without a caller acknowledges with our own description (compatibility E1): there is nobody to talk to.
    const own = readOffer(answer, this.#kinds);
    if (own.ok && this.#security.isOwn(own.offered.remote)) {
      this.#leg.disconnect();
      this.#state(answer, own.offered.remote);
      return { ok: true, sdp: this.#local.sdp };
    }
    const read = readAnswer(answer, [this.#kind]);
    if (!read.ok) return read;
    const secured = await this.#security.answering(read.offered.remote);
    if (!secured.ok) return secured;
    this.#connect(answer, read.offered, secured.keys);
    return { ok: true, sdp: this.#local.sdp };
  }

  /** Frees everything; for a session that never came to be, and with its channel. */
  async close(): Promise<void> {
    await Promise.all([this.#leg.close(), this.#text.close()]);
  }

  /** RFC 3264 §8: the version goes up with each change and stays when nothing changed. */
  #describe(write: (version: number) => string): void {
    const { sdp, version } = this.#local;
    if (write(version) !== sdp) this.#local = { sdp: write(version + 1), version: version + 1 };
    this.#variables.state('rtp_local_sdp_str', this.#local.sdp);
  }

  #stream(version: number, security: Security): LocalStream {
    return { sessionId: this.#sessionId, version, address: this.#leg.address, port: this.#leg.port, security };
  }

  #connect(remoteSdp: string, offered: Offered, keys: SdesKeys | undefined): void {
    const { remote, session } = offered;
    this.#described = offered;
    const ours = mirrored(remote.direction);
    this.#kind = remote.security.kind;
    if (remote.security.kind === 'plain') this.#text.connect(session);
    if (this.#security.isOwn(remote)) this.#leg.disconnect();
    else {
      const { address, port, payloadType, telephoneEvent } = remote;
      const receive = ours === 'sendrecv' || ours === 'recvonly';
      this.#leg.connect({
        address,
        port,
        payloadType,
        ...(telephoneEvent === undefined ? {} : { telephoneEvent }),
        send: ours === 'sendrecv' || ours === 'sendonly',
        receive,
        latch: true,
        ...(keys === undefined ? {} : { sdes: keys }),
        timeOutMs: this.#timeOutMs(receive),
      });
    }
    this.#state(remoteSdp, remote);
  }

  /** The variable rtp_timeout_sec, on hold rtp_hold_timeout_sec, as it is at each exchange of descriptions; 0 = never. */
  #timeOutMs(receive: boolean): number {
    const variable = receive ? 'rtp_timeout_sec' : 'rtp_hold_timeout_sec';
    const seconds = Number(this.#variables.get(variable) ?? (receive ? SILENT_SECONDS_MAX : HELD_SECONDS_MAX));
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
  }

  #state(remoteSdp: string, remote: RemoteStream): void {
    const codec = remote.opus === undefined ? CODEC_NAMES[remote.payloadType] : 'opus';
    const payloadType = remote.opus?.payloadType ?? remote.payloadType;
    const facts: Record<string, string | number> = {
      switch_r_sdp: remoteSdp,
      local_media_ip: this.#leg.address,
      local_media_port: this.#leg.port,
      advertised_media_ip: this.#leg.address,
      remote_media_ip: remote.address,
      remote_media_port: remote.port,
      remote_audio_media_flow: remote.direction,
      audio_media_flow: mirrored(remote.direction),
      dtmf_type: remote.telephoneEvent === undefined ? 'info' : 'rfc2833',
      rtp_use_codec_string: [...Object.values(CODEC_NAMES), 'OPUS'].join(','),
      rtp_use_codec_name: codec,
      rtp_use_codec_rate: 8_000,
      rtp_use_codec_ptime: 20,
      rtp_use_pt: payloadType,
      rtp_audio_recv_pt: payloadType,
      read_codec: codec,
      read_rate: 8_000,
      write_codec: codec,
      write_rate: 8_000,
    };
    if (remote.security.kind !== 'plain') facts['rtp_secure_media_confirmed'] = 'true';
    if (remote.telephoneEvent !== undefined) {
      facts['rtp_2833_send_payload'] = remote.telephoneEvent;
      facts['rtp_2833_recv_payload'] = remote.telephoneEvent;
    }
    for (const [name, value] of Object.entries(facts)) this.#variables.state(name, String(value));
  }
}
