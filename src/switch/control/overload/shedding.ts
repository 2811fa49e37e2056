// Whether the switch refuses new calls by itself, and how many of them: a bound behind the application's own. Pure.

/**
 * Timers that ring so late in nine of ten cases: beyond measure. The application bounds new calls at a third of it, with
 * more knowledge of who they are; this is for when it cannot.
 */
export const DELAY_MAX_MS = 300;
/** Collected garbage or a large file fills one sample; so many in a row are load. */
export const HOT_SAMPLES = 3;
/** Not to be waited for. */
export const FAR_ABOVE_MS = 3 * DELAY_MAX_MS;
/** Between this and the maximum nothing changes: the share does not swing. */
export const CALM_BELOW_MS = DELAY_MAX_MS / 2;
export const FIRST_SHARE = 0.5;
export const INCREASE = 0.25;
export const DECREASE = 0.1;

/*
 *  open ──late in HOT_SAMPLES, or far above──▶ shedding ──share down to 0──▶ open
 *                                   late: share + 0.25 ⟲    calm: share - 0.1 ⟲
 */
export type Shedding =
  | { readonly state: 'open'; readonly hotSamples: number }
  /** `share` (above 0, up to 1) of the new calls is refused. */
  | { readonly state: 'shedding'; readonly share: number };

export const OPEN: Shedding = { state: 'open', hotSamples: 0 };

/** The next state, by how late the event loop's timers rang since the last step. */
export function stepped(before: Shedding, delayMs: number): Shedding {
  const isLate = delayMs >= DELAY_MAX_MS;
  if (before.state === 'open') {
    const hotSamples = isLate ? before.hotSamples + 1 : 0;
    const begins = hotSamples >= HOT_SAMPLES || delayMs >= FAR_ABOVE_MS;
    return begins ? { state: 'shedding', share: FIRST_SHARE } : { state: 'open', hotSamples };
  }
  if (isLate) return { state: 'shedding', share: Math.min(1, before.share + INCREASE) };
  if (delayMs >= CALM_BELOW_MS) return before;
  // In hundredths: sums of tenths do not come to 0.
  const share = Math.round((before.share - DECREASE) * 100) / 100;
  return share > 0 ? { state: 'shedding', share } : OPEN;
}
