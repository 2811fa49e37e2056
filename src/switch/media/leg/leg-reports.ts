// What is counted on one leg, and the RTCP reports made of it (RFC 3550 §6.4).
import { Reception } from '../../rtp/reception.js';
import { RTCP_BYTES_MAX, readReport, roundTripMs, writeReport } from '../../rtp/rtcp.js';
import type { LegStatistics } from '../media-leg.js';
import type { PathCounts } from '../path/media-path.js';
import type { OutgoingStream } from './outgoing-stream.js';

/** RFC 3550 §6.2: five seconds between reports. */
const REPORT_FRAMES = 250;
/** Timestamp units of G.711 in a millisecond. */
const UNITS_PER_MS = 8;

export class LegReports {
  readonly reception = new Reception();
  readonly received = {
    malformed: 0,
    unknownPayload: 0,
    flood: 0,
    digits: 0,
    rtcpPackets: 0,
    remotePackets: 0,
    remoteBytes: 0,
  };
  readonly sent = {
    packets: 0,
    bytes: 0,
    digits: 0,
    rtcpPackets: 0,
    remoteLost: 0,
    remoteJitterMs: 0,
    remoteReports: 0,
    roundTripMs: 0,
  };
  /** Frame of the next report. */
  nextFrame: number;
  readonly #out: OutgoingStream;
  readonly #buffer = Buffer.alloc(RTCP_BYTES_MAX);
  /** Last SR heard: the middle of its NTP time, and our time of hearing it. */
  #lastReport: { readonly ntpMiddle: number; readonly heardMs: number } | undefined;
  #expectedBefore = 0;
  #lostBefore = 0;
  /** Packets sent at the last reports: SR as long as some were sent since the last but one (RFC 3550 §6.4). */
  #sentBefore: readonly [number, number] = [0, 0];

  constructor(out: OutgoingStream, frame: number) {
    this.#out = out;
    this.nextFrame = frame + REPORT_FRAMES;
  }

  /** Nothing was sent nor heard: nobody waits for a last report. */
  get isSilent(): boolean {
    return this.sent.packets === 0 && this.reception.packets === 0;
  }

  /** The report that is due, or the last one of the call; valid until the next one. */
  write(frame: number, nowMs: number, cname: string, isLast = false): Buffer {
    this.nextFrame = frame + REPORT_FRAMES;
    this.sent.rtcpPackets++;
    const { expected, lost, ssrc, highestSequence, jitter } = this.reception;
    const newlyExpected = expected - this.#expectedBefore;
    const newlyLost = Math.max(0, lost - this.#lostBefore);
    this.#expectedBefore = expected;
    this.#lostBefore = lost;
    const fraction = newlyExpected > 0 ? Math.min(255, Math.floor((newlyLost * 256) / newlyExpected)) : 0;
    const heard = this.#lastReport;
    const lastReport = heard?.ntpMiddle ?? 0;
    const delay = heard === undefined ? 0 : Math.round(((nowMs - heard.heardMs) / 1_000) * 65_536);
    const { packets, bytes } = this.sent;
    const isSending = packets > this.#sentBefore[0];
    this.#sentBefore = [this.#sentBefore[1], packets];
    const timestamp = this.#out.timestampOf(frame);
    const length = writeReport(
      this.#buffer,
      { ssrc: this.#out.ssrc, cname, nowMs, timestamp, packets, bytes, isSending, isLast },
      ssrc === undefined ? undefined : { ssrc, fraction, lost, highestSequence, jitter, lastReport, delay },
    );
    return this.#buffer.subarray(0, length);
  }

  /** A report of the remote party. */
  receive(datagram: Buffer, nowMs: number): void {
    const report = readReport(datagram, this.#out.ssrc);
    if (report === undefined) {
      this.received.malformed++;
      return;
    }
    this.received.rtcpPackets++;
    if (report.sent !== undefined) {
      this.#lastReport = { ntpMiddle: report.sent.ntpMiddle, heardMs: nowMs };
      this.received.remotePackets = report.sent.packets;
      this.received.remoteBytes = report.sent.bytes;
    }
    const about = report.aboutUs;
    if (about === undefined) return;
    this.sent.remoteReports++;
    this.sent.remoteLost = about.lost;
    this.sent.remoteJitterMs = about.jitter / UNITS_PER_MS;
    this.sent.roundTripMs = roundTripMs(about, nowMs) ?? this.sent.roundTripMs;
  }

  /** `discarded`: packets that came too late for who reads the stream in time. */
  statistics({ foreign, malformed, errors }: PathCounts, discarded: number): LegStatistics {
    const { packets, bytes, lost, gaps, outOfOrder, duplicates, jitter, jitterRange, meanInterval } = this.reception;
    const counted = { packets, bytes, lost, gaps, outOfOrder, duplicates, discarded };
    const timed = {
      jitterMs: jitter / UNITS_PER_MS,
      jitterMinMs: jitterRange.min / UNITS_PER_MS,
      jitterMaxMs: jitterRange.max / UNITS_PER_MS,
      intervalMs: meanInterval / UNITS_PER_MS,
    };
    return {
      received: { ...counted, ...timed, ...this.received, foreign, malformed: malformed + this.received.malformed },
      sent: { ...this.sent, errors },
    };
  }
}
