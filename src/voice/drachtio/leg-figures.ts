// How a leg sounded, asked of the media server in the names of FreeSWITCH.
import type { LegFigures } from '../../app/ports.js';

/**
 * Told by the embedded switch when it ends a leg itself, which cannot be asked any more then: an extension of ours. FreeSWITCH tells
 * nothing that reaches the connection of such a leg.
 */
export const FIGURES_EVENT = 'hilo::figures';

/** Figures of the sound we got, then those that the other end reported: FreeSWITCH itself leaves the latter empty. */
const VARIABLES = [
  'rtp_audio_in_packet_count',
  'rtp_audio_in_jitter_loss_rate',
  'rtp_audio_in_jitter_max_variance',
  'rtp_audio_in_mos',
  'rtp_audio_out_jitter_loss_rate',
  'rtp_audio_out_mos',
  'rtp_audio_rtcp_round_trip_ms',
] as const;

/** Text for `eval`, which answers with all figures in one line. */
export const FIGURES_WANTED = VARIABLES.map((name) => `\${${name}}`).join(',');

/** Reads the answer; undefined when it is none, or when the leg never had any sound. */
export function readFigures(answer: string): LegFigures | undefined {
  return figuresOf(answer.trim().split(','));
}

/** The same from an event that carries them as variables. */
export function figuresIn(event: { getHeader(name: string): string | undefined }): LegFigures | undefined {
  return figuresOf(VARIABLES.map((name) => event.getHeader(`variable_${name}`) ?? ''));
}

function figuresOf(texts: readonly string[]): LegFigures | undefined {
  if (texts.length !== VARIABLES.length) return undefined;
  const [packets = 0, lossPercent = 0, jitterMs = 0, opinion = 0, outLoss, outOpinion, roundTripMs] = texts.map(figure);
  if (packets === 0 || !(opinion >= 1 && opinion <= 5)) return undefined;
  const heard = { packets, lossPercent, jitterMs, opinion };
  if (outLoss === undefined || outOpinion === undefined) return heard;
  return { ...heard, reported: { lossPercent: outLoss, opinion: outOpinion, roundTripMs: roundTripMs ?? 0 } };
}

function figure(text: string): number | undefined {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) || number < 0 ? undefined : number;
}
