// Owns the names under which FreeSWITCH reports the figures of an RTP stream, and a few of our own beside them.
import type { LegStatistics } from '../../media/media-leg.js';
import { meanOpinion, RATING_BEST, rating } from '../../rtp/quality.js';
import type { Variables } from '../variables.js';

const RTP_HEADER_BYTES = 12;
/** A packet is sent when its 20 ms are over, and waits at the other end for at least as long again. */
const PACKET_MS = 20;
const BUFFER_MS_MIN = 20;

/**
 * Sets `rtp_audio_*`; clients read them with `uuid_dump`, fsmrf turns them into integers. Ours alone are
 * `rtp_audio_in_foreign_packet_count`, and what the remote party reported by RTCP about the stream it gets:
 * `rtp_audio_out_mos`, `_out_quality_percentage`, `_out_jitter_loss_rate`, `rtp_audio_rtcp_round_trip_ms`,
 * `_rtcp_remote_lost` and `_rtcp_remote_jitter_ms`, unset until it has reported.
 */
export function stateMediaStatistics(variables: Variables, statistics: LegStatistics): void {
  for (const [name, value] of Object.entries(mediaStatistics(statistics))) variables.state(name, value);
}

export function mediaStatistics({ received, sent }: LegStatistics): Record<string, string> {
  const oneWayMs = sent.roundTripMs / 2 + PACKET_MS;
  const lost = received.lost + received.discarded;
  const incoming = direction(received.lost + received.packets, lost, received.gaps, oneWayMs, received.jitterMs);
  const figures: Record<string, string | number> = {
    in_raw_bytes: received.bytes + received.packets * RTP_HEADER_BYTES,
    in_media_bytes: received.bytes,
    in_packet_count: received.packets,
    in_media_packet_count: received.packets,
    in_skip_packet_count: received.lost,
    in_jitter_packet_count: received.discarded,
    in_dtmf_packet_count: received.digits,
    in_cng_packet_count: 0,
    in_flush_packet_count: received.flood,
    in_foreign_packet_count: received.foreign,
    in_largest_jb_size: 0,
    in_jitter_min_variance: received.jitterMinMs.toFixed(2),
    in_jitter_max_variance: received.jitterMaxMs.toFixed(2),
    in_jitter_loss_rate: incoming.lossPercent,
    in_jitter_burst_rate: percent(received.lost - received.gaps, received.lost),
    in_mean_interval: received.intervalMs.toFixed(2),
    in_flaw_total: received.lost + received.discarded,
    in_quality_percentage: incoming.quality,
    in_mos: incoming.mos,
    out_raw_bytes: sent.bytes + sent.packets * RTP_HEADER_BYTES,
    out_media_bytes: sent.bytes,
    out_packet_count: sent.packets,
    out_media_packet_count: sent.packets,
    out_skip_packet_count: 0,
    out_dtmf_packet_count: sent.digits,
    out_cng_packet_count: 0,
    rtcp_packet_count: received.remotePackets,
    rtcp_octet_count: received.remoteBytes,
  };
  if (sent.remoteReports > 0) {
    const outgoing = direction(sent.packets, sent.remoteLost, sent.remoteLost, oneWayMs, sent.remoteJitterMs);
    figures['out_mos'] = outgoing.mos;
    figures['out_quality_percentage'] = outgoing.quality;
    figures['out_jitter_loss_rate'] = outgoing.lossPercent;
    figures['rtcp_remote_lost'] = sent.remoteLost;
    figures['rtcp_remote_jitter_ms'] = sent.remoteJitterMs.toFixed(2);
    figures['rtcp_round_trip_ms'] = sent.roundTripMs.toFixed(1);
  }
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`rtp_audio_${name}`, String(value)]));
}

/** `quality` is the rating in percent of the best that G.711 can be. */
function direction(
  expected: number,
  lost: number,
  gaps: number,
  oneWayMs: number,
  jitterMs: number,
): { readonly lossPercent: string; readonly quality: string; readonly mos: string } {
  const delayMs = oneWayMs + Math.max(BUFFER_MS_MIN, 2 * jitterMs);
  const r = rating({ expected, lost, gaps, delayMs });
  const best = rating({ expected: 0, lost: 0, gaps: 0, delayMs: PACKET_MS + BUFFER_MS_MIN });
  const quality = Math.min(100, (r / Math.min(RATING_BEST, best)) * 100).toFixed(2);
  return { lossPercent: percent(lost, expected), quality, mos: meanOpinion(r).toFixed(2) };
}

function percent(part: number, whole: number): string {
  return (whole <= 0 ? 0 : Math.min(100, Math.max(0, (part / whole) * 100))).toFixed(2);
}
