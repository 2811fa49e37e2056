// How good a call sounded, reckoned from loss and delay: the E-model of ITU-T G.107 for G.711, simplified.

/**
 * R with all default parameters and neither delay nor loss: R0 - Is of ITU-T G.107 (06/2015) table 3. It is the best a
 * call at 8 kHz can be; opinion 4.41.
 */
export const RATING_BEST = 93.2;
/** G.711 with packet loss concealment: equipment impairment and robustness (ITU-T G.113 appendix I table I.4). */
const IMPAIRMENT = 0;
const ROBUSTNESS = 25.1;
/** Beyond this one-way delay people begin to talk at the same time. */
const DELAY_NOTICED_MS = 177.3;

export interface Transmission {
  /** Packets that should have come, and those of them that did not come, or came too late to be heard. */
  readonly expected: number;
  readonly lost: number;
  /** Number of gaps: `lost` packets in few gaps hurt more than the same in many. */
  readonly gaps: number;
  /** From mouth to ear, in ms. */
  readonly delayMs: number;
}

/**
 * Rating R of 0 to 100: `R = 93.2 - Id - Ie,eff` (G.107 eq. 7-1 with Is and A at their defaults).
 * `Ie,eff = Ie + (95 - Ie) * Ppl / (Ppl / BurstR + Bpl)` with loss in percent (eq. 7-29), where BurstR is the mean length
 * of the gaps divided by what chance alone would make it, `1 / (1 - Ppl/100)`.
 * `Id = 0.024 d + 0.11 (d - 177.3) H(d - 177.3)` is the usual straight line through the curve of §7.4 (R. Cole,
 * J. Rosenbluth, "Voice over IP performance monitoring", 2001).
 */
export function rating({ expected, lost, gaps, delayMs }: Transmission): number {
  const loss = expected > 0 ? Math.min(1, lost / expected) : 0;
  const meanGap = gaps > 0 ? lost / gaps : 1;
  const burstiness = Math.max(1, meanGap * (1 - loss));
  const percent = loss * 100;
  const equipment = IMPAIRMENT + ((95 - IMPAIRMENT) * percent) / (percent / burstiness + ROBUSTNESS);
  const delay = 0.024 * delayMs + 0.11 * Math.max(0, delayMs - DELAY_NOTICED_MS);
  return Math.max(0, RATING_BEST - delay - equipment);
}

/** Mean opinion score of 1 (bad) to 4.5 for a rating (ITU-T G.107 Annex B eq. B-4). */
export function meanOpinion(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}
