// Owns the media of one leg as negotiated: descriptions exchanged, versions, and what the media engine is told.
import type { Variables } from '../channel/variables.js';
import type { MediaLeg } from '../media/media-leg.js';
import { answerOffer, CODEC_NAMES, makeOffer, mirrored, type RemoteStream, readAnswer } from '../sdp/negotiation.js';

/** A peer that ought to send and sends nothing for so long is gone: the figure of FreeSWITCH's own profiles. */
export const SILENT_SECONDS_MAX = 300;

export type Negotiated = { readonly ok: true; readonly sdp: string } | { readonly ok: false; readonly reason: string };

export class MediaSession {
  readonly #leg: MediaLeg;
  readonly #variables: Variables;
  readonly #sessionId: string;
  #local = { sdp: '', version: 0 };

  constructor(leg: MediaLeg, variables: Variables, sessionId: string) {
    this.#leg = leg;
    this.#variables = variables;
    this.#sessionId = sessionId;
  }

  /** Our answer to the peer's offer. A refused offer changes nothing. */
  answer(offer: string): Negotiated {
    const draft = answerOffer(offer, this.#stream(this.#local.version));
    if (!draft.ok) return draft;
    this.#describe((version) => {
      const again = answerOffer(offer, this.#stream(version));
      return again.ok ? again.sdp : draft.sdp;
    });
    this.#connect(offer, draft.remote);
    return { ok: true, sdp: this.#local.sdp };
  }

  /** Our offer, to an INVITE without one. */
  offer(): string {
    this.#describe((version) => makeOffer(this.#stream(version)));
    return this.#local.sdp;
  }

  /** The peer's answer to {@link offer}, from its ACK. */
  acceptAnswer(answer: string): Negotiated {
    const read = readAnswer(answer);
    if (!read.ok) return read;
    this.#connect(answer, read.remote);
    return { ok: true, sdp: this.#local.sdp };
  }

  /** RFC 3264 §8: the version goes up with each change and stays when nothing changed. */
  #describe(write: (version: number) => string): void {
    const { sdp, version } = this.#local;
    if (write(version) !== sdp) this.#local = { sdp: write(version + 1), version: version + 1 };
    this.#variables.state('rtp_local_sdp_str', this.#local.sdp);
  }

  #stream(version: number): { sessionId: string; version: number; address: string; port: number } {
    return { sessionId: this.#sessionId, version, address: this.#leg.address, port: this.#leg.port };
  }

  #connect(remoteSdp: string, remote: RemoteStream): void {
    const ours = mirrored(remote.direction);
    // fsmrf without a caller acknowledges with our own description (compatibility E1): there is nobody to talk to.
    const self = remote.address === this.#leg.address && remote.port === this.#leg.port;
    if (self) this.#leg.disconnect();
    else {
      const { address, port, payloadType, telephoneEvent } = remote;
      this.#leg.connect({
        address,
        port,
        payloadType,
        ...(telephoneEvent === undefined ? {} : { telephoneEvent }),
        send: ours === 'sendrecv' || ours === 'sendonly',
        receive: ours === 'sendrecv' || ours === 'recvonly',
        latch: true,
        timeOutMs: this.#timeOutMs(),
      });
    }
    this.#state(remoteSdp, remote);
  }

  /** The variable rtp_timeout_sec, as it is at each exchange of descriptions; 0 = never. */
  #timeOutMs(): number {
    const seconds = Number(this.#variables.get('rtp_timeout_sec') ?? SILENT_SECONDS_MAX);
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
  }

  #state(remoteSdp: string, remote: RemoteStream): void {
    const codec = CODEC_NAMES[remote.payloadType];
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
      rtp_use_codec_string: Object.values(CODEC_NAMES).join(','),
      rtp_use_codec_name: codec,
      rtp_use_codec_rate: 8_000,
      rtp_use_codec_ptime: 20,
      rtp_use_pt: remote.payloadType,
      rtp_audio_recv_pt: remote.payloadType,
      read_codec: codec,
      read_rate: 8_000,
      write_codec: codec,
      write_rate: 8_000,
    };
    if (remote.telephoneEvent !== undefined) {
      facts['rtp_2833_send_payload'] = remote.telephoneEvent;
      facts['rtp_2833_recv_payload'] = remote.telephoneEvent;
    }
    for (const [name, value] of Object.entries(facts)) this.#variables.state(name, String(value));
  }
}
