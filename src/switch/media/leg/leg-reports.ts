// What is counted on one leg, and the RTCP reports made of it (RFC 3550 §6.4).
import { Reception } from '../../rtp/reception.js';
import { RTCP_BYTES_MAX, readReport, writeReport } from '../../rtp/rtcp.js';
import type { LegStatistics } from '../media-leg.js';
import type { PathCounts } from '../path/media-path.js';
import type { OutgoingStream } from './outgoing-stream.js';

/** RFC 3550 §6.2: five seconds between reports. */
const REPORT_FRAMES = 250;

export class LegReports {
  readonly reception = new Reception();
  readonly received = { malformed: 0, unknownPayload: 0, flood: 0, digits: 0, rtcpPackets: 0 };
  readonly sent = { packets: 0, bytes: 0, digits: 0, rtcpPackets: 0, remoteLost: 0, remoteJitterMs: 0 };
  /** Frame of the next report. */
  nextFrame: number;
  readonly #out: OutgoingStream;
  readonly #buffer = Buffer.alloc(RTCP_BYTES_MAX);
  /** Last SR heard: the middle of its NTP time, and our time of hearing it. */
  #lastReport: { readonly ntpMiddle: number; readonly heardMs: number } | undefined;
  #expectedBefore = 0;
  #lostBefore = 0;

  constructor(out: OutgoingStream, frame: number) {
    this.#out = out;
    this.nextFrame = frame + REPORT_FRAMES;
  }

  /** The report that is due; valid until the next one. */
  write(frame: number, nowMs: number, cname: string): Buffer {
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
    const length = writeReport(
      this.#buffer,
      { ssrc: this.#out.ssrc, cname, nowMs, timestamp: this.#out.timestampOf(frame), packets, bytes },
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
    if (report.ntpMiddle !== undefined) this.#lastReport = { ntpMiddle: report.ntpMiddle, heardMs: nowMs };
    if (report.aboutUs === undefined) return;
    this.sent.remoteLost = report.aboutUs.lost;
    this.sent.remoteJitterMs = report.aboutUs.jitter / 8;
  }

  statistics({ foreign, malformed, errors }: PathCounts): LegStatistics {
    const { packets, bytes, lost, outOfOrder, duplicates, jitter } = this.reception;
    const counted = { packets, bytes, lost, outOfOrder, duplicates, jitterMs: jitter / 8 };
    return {
      received: { ...counted, ...this.received, foreign, malformed: malformed + this.received.malformed },
      sent: { ...this.sent, errors },
    };
  }
}
