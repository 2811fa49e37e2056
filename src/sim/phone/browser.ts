// A browser as far as WebRTC goes: ICE, DTLS and SRTP of its own, a voice that is one tone, ears that keep what they hear.
import { Decoder, Encoder } from '@evan/opus';
import nodeDataChannel, { type PeerConnection, type Track } from 'node-datachannel';
import { decode, encode, FRAME_MS, FRAME_SAMPLES, PCMU, SAMPLE_RATE } from '../../switch/rtp/g711.js';
import { emptyRtpPacket, RTP_HEADER_BYTES, readRtp, writeRtpHeader } from '../../switch/rtp/packet.js';
import { isRtcp } from '../../switch/rtp/rtcp-mux.js';
import { eventOfKey, keyOfEvent, writeKeyEvent } from '../../switch/rtp/telephone-event.js';

const MID = 'audio0';
const MID_LINE = /^a=mid:(\S+)/m;
const OPUS = 111;
const EVENT = { pcmu: 126, opus: 110 } as const;
const CLOCK_RATIO = { pcmu: 1, opus: 6 } as const;
const CONNECT_LIMIT_MS = 15_000;
const KEY_PACKETS = 5;

export interface BrowserOptions {
  readonly address?: string;
  /** What it offers, and nothing else. */
  readonly codec?: 'pcmu' | 'opus';
  /** Whether its offers name where it is; a media server that waits to be found needs no candidates. */
  readonly candidates?: boolean;
  /** Keeps samples of what it hears, not only their number. */
  readonly listens?: boolean;
}

interface PressedKey {
  readonly event: number;
  readonly timestamp: number;
  /** Packets sent so far. */
  packet: number;
}

export class Browser {
  readonly #ssrc = 0x0b0b_0b0b;
  readonly #codec: 'pcmu' | 'opus';
  readonly #listens: boolean;
  readonly #address: string;
  readonly #candidates: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #encoder: Encoder | undefined;
  readonly #decoder: Decoder | undefined;
  #pc: PeerConnection;
  #track: Track;
  #connected: Promise<void>;
  #hz: number | undefined;
  #key: PressedKey | undefined;
  #sequence = 100;
  #samples = 0;
  #heard: Int16Array[] = [];
  #lastKeyAt: number | undefined;
  /** Keys heard. */
  keys = '';
  packetsHeard = 0;
  reportsHeard = 0;

  constructor({ address = '127.0.0.1', codec = 'pcmu', candidates = false, listens = true }: BrowserOptions = {}) {
    this.#candidates = candidates;
    this.#address = address;
    this.#codec = codec;
    this.#listens = listens;
    if (codec === 'opus') {
      this.#encoder = new Encoder({ channels: 1, sample_rate: 8_000, application: 'voip' });
      this.#decoder = new Decoder({ channels: 1, sample_rate: 8_000 });
    }
    ({ pc: this.#pc, track: this.#track, connected: this.#connected } = this.#open());
    this.#timer = setInterval(() => this.#tick(), FRAME_MS);
  }

  /** Resolves when ICE and DTLS are finished, rejects when they are not. */
  get connected(): Promise<void> {
    return this.#connected;
  }

  get state(): string {
    return this.#pc.state();
  }

  /**
   * An offer with the passive role and, unless wanted, without candidates. The library, when it offers, should not be found before
   * it knows the answer: it would begin DTLS without a fingerprint to compare with.
   */
  offer(): string {
    this.#pc.setLocalDescription('offer');
    return this.localSdp;
  }

  accept(answer: string): void {
    this.#pc.setRemoteDescription(withMid(withoutEnd(answer)), 'answer');
  }

  answer(offer: string): string {
    this.#pc.close();
    ({ pc: this.#pc, track: this.#track, connected: this.#connected } = this.#open(MID_LINE.exec(offer)?.[1]));
    this.#pc.setRemoteDescription(withoutEnd(offer), 'offer');
    this.#pc.setLocalDescription('answer');
    return this.#spoken(this.#local());
  }

  /** Changes to another network: new addresses, ICE credentials and, as here the library wants it, a new certificate. */
  restart(): string {
    this.#pc.close();
    ({ pc: this.#pc, track: this.#track, connected: this.#connected } = this.#open());
    return this.offer();
  }

  say(hz: number | undefined): void {
    this.#hz = hz;
  }

  /** Presses a key for 100 ms (RFC 4733). */
  async press(key: string): Promise<void> {
    this.#key = { event: eventOfKey(key) ?? 0, timestamp: this.#timestamp(), packet: 0 };
    while (this.#key !== undefined) await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
  }

  forget(): void {
    this.#heard = [];
  }

  /** What was heard since {@link forget}, at 8 kHz. */
  get samples(): Int16Array {
    return Int16Array.from(this.#heard.flatMap((frame) => [...frame]));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#pc.close();
  }

  #open(mid = MID): { pc: PeerConnection; track: Track; connected: Promise<void> } {
    const pc = new nodeDataChannel.PeerConnection('browser', {
      iceServers: [],
      bindAddress: this.#address,
      disableAutoNegotiation: true,
      forceMediaTransport: true,
    });
    const audio = new nodeDataChannel.Audio(mid, 'SendRecv');
    audio.addAudioCodec(0, 'PCMU');
    audio.addSSRC(this.#ssrc, 'browser');
    const track = pc.addTrack(audio);
    track.onMessage((packet) => this.#hear(packet));
    const connected = new Promise<void>((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error(`browser: ${pc.state()} after ${CONNECT_LIMIT_MS} ms`)),
        CONNECT_LIMIT_MS,
      );
      pc.onStateChange((state) => {
        if (state === 'connecting') return;
        clearTimeout(limit);
        if (state === 'connected') resolve();
        else reject(new Error(`browser: connection ${state}`));
      });
    });
    connected.catch(() => undefined);
    return { pc, track, connected };
  }

  /** Its last offer. */
  get localSdp(): string {
    const sdp = this.#spoken(this.#local()).replace('setup:actpass', 'setup:passive');
    return this.#candidates ? sdp : sdp.replaceAll(/a=candidate.*\r\n/g, '');
  }

  #local(): string {
    const description = this.#pc.localDescription();
    if (description === null) throw new Error('browser: no description');
    return description.sdp;
  }

  /** The library's line, with the codecs and events of this browser. */
  #spoken(sdp: string): string {
    const event = EVENT[this.#codec];
    const [format, map] = this.#codec === 'opus' ? [OPUS, `${OPUS} opus/48000/2`] : [0, '0 PCMU/8000'];
    const rate = this.#codec === 'opus' ? 48_000 : 8_000;
    return sdp
      .replace(/SAVPF 0\r\n/, `SAVPF ${format} ${event}\r\n`)
      .replace(/a=rtpmap:0 .*\r\n/, `a=rtpmap:${map}\r\na=rtpmap:${event} telephone-event/${rate}\r\n`);
  }

  #timestamp(): number {
    return (this.#samples * CLOCK_RATIO[this.#codec]) >>> 0;
  }

  #tick(): void {
    if (this.#track.isOpen()) this.#send(this.#key === undefined ? this.#audio() : this.#keyPacket(this.#key));
    this.#samples += FRAME_SAMPLES;
  }

  #audio(): { payloadType: number; timestamp: number; payload: Uint8Array } {
    const samples = new Int16Array(FRAME_SAMPLES);
    if (this.#hz !== undefined) {
      const step = (2 * Math.PI * this.#hz) / SAMPLE_RATE;
      for (let at = 0; at < FRAME_SAMPLES; at++)
        samples[at] = Math.round(9_000 * Math.sin(step * (this.#samples + at)));
    }
    const timestamp = this.#timestamp();
    if (this.#encoder !== undefined) return { payloadType: OPUS, timestamp, payload: this.#encoder.encode(samples) };
    return { payloadType: 0, timestamp, payload: encode(samples, PCMU) };
  }

  #keyPacket(key: PressedKey): { payloadType: number; timestamp: number; payload: Buffer } {
    const payload = Buffer.alloc(4);
    const packet = ++key.packet;
    const isEnd = packet > KEY_PACKETS;
    const frames = Math.min(packet, KEY_PACKETS);
    const durationSamples = frames * FRAME_SAMPLES * CLOCK_RATIO[this.#codec];
    writeKeyEvent(payload, 0, { event: key.event, end: isEnd, durationSamples });
    if (packet === KEY_PACKETS + 3) this.#key = undefined;
    return { payloadType: EVENT[this.#codec], timestamp: key.timestamp, payload };
  }

  #send({ payloadType, timestamp, payload }: { payloadType: number; timestamp: number; payload: Uint8Array }): void {
    const packet = Buffer.alloc(RTP_HEADER_BYTES + payload.length);
    packet.set(payload, RTP_HEADER_BYTES);
    const sequence = this.#sequence++ & 0xffff;
    writeRtpHeader(packet, { marker: false, payloadType, sequence, timestamp, ssrc: this.#ssrc });
    this.#track.sendMessageBinary(packet);
  }

  #hear(bytes: Buffer): void {
    if (isRtcp(bytes)) {
      this.reportsHeard++;
      return;
    }
    const packet = emptyRtpPacket();
    if (!readRtp(bytes, packet)) return;
    this.packetsHeard++;
    const payload = bytes.subarray(packet.payloadStart, packet.payloadEnd);
    if (packet.payloadType === EVENT[this.#codec]) this.#hearKey(payload, packet.timestamp);
    else if (this.#listens && this.#decoder !== undefined && packet.payloadType === OPUS) {
      const pcm = this.#decoder.decode(payload);
      this.#heard.push(new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.byteLength)));
    } else if (this.#listens && packet.payloadType === PCMU) this.#heard.push(decode(payload, PCMU));
  }

  #hearKey(payload: Buffer, timestamp: number): void {
    const isEnd = ((payload[1] ?? 0) & 0x80) !== 0;
    if (isEnd && timestamp !== this.#lastKeyAt) {
      this.keys += keyOfEvent(payload[0] ?? 0);
      this.#lastKeyAt = timestamp;
    }
  }
}

/** FreeSWITCH answers without `a=mid`, as is its right without a bundle (RFC 8843 §7.3); the library does not know its line again then. */
function withMid(answer: string): string {
  return MID_LINE.test(answer) ? answer : answer.replace(/^(m=audio .*\r\n)/m, `$1a=mid:${MID}\r\n`);
}

/** The library reads the end of the candidates before the candidates and may give up in between. */
function withoutEnd(sdp: string): string {
  return sdp.replace('a=end-of-candidates\r\n', '');
}
