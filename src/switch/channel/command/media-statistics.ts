// Owns the names under which FreeSWITCH reports the figures of an RTP stream.
import type { LegStatistics } from '../../media/media-leg.js';
import type { Variables } from '../variables.js';

const RTP_HEADER_BYTES = 12;

/** Sets `rtp_audio_*`; clients read them with `uuid_dump`, fsmrf turns them into integers. */
export function stateMediaStatistics(variables: Variables, { received, sent }: LegStatistics): void {
  const lossRate = received.lost === 0 ? 0 : (received.lost / (received.lost + received.packets)) * 100;
  const quality = 100 - lossRate;
  const figures: Record<string, string | number> = {
    in_raw_bytes: received.bytes + received.packets * RTP_HEADER_BYTES,
    in_media_bytes: received.bytes,
    in_packet_count: received.packets,
    in_media_packet_count: received.packets,
    in_skip_packet_count: received.lost,
    in_dtmf_packet_count: received.digits,
    in_jitter_loss_rate: lossRate.toFixed(2),
    in_jitter_max_variance: received.jitterMs.toFixed(2),
    in_flaw_total: received.lost,
    in_quality_percentage: quality.toFixed(2),
    in_mos: meanOpinion(quality).toFixed(2),
    out_raw_bytes: sent.bytes + sent.packets * RTP_HEADER_BYTES,
    out_media_bytes: sent.bytes,
    out_packet_count: sent.packets,
    out_media_packet_count: sent.packets,
    out_dtmf_packet_count: sent.digits,
    rtcp_packet_count: received.rtcpPackets,
  };
  for (const [name, value] of Object.entries(figures)) variables.state(`rtp_audio_${name}`, String(value));
}

/** The E-model's conversion of a rating of 0 to 100 (ITU-T G.107 Annex B). */
function meanOpinion(rating: number): number {
  return 1 + 0.035 * rating + 0.000_007 * rating * (rating - 60) * (100 - rating);
}
