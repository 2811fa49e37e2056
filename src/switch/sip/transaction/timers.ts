// The durations of RFC 3261 table 4 (RFC 6026 adds L and M).

export interface SipTimers {
  /** Round-trip estimate: first retransmission. */
  readonly t1Ms: number;
  /** Longest gap between retransmissions. */
  readonly t2Ms: number;
  /** How long a message may live in the network. */
  readonly t4Ms: number;
  /** How long copies of a failed INVITE's answer are ACKed over udp (Timer D: at least 32 s). */
  readonly dMs: number;
}

export const DEFAULT_TIMERS: SipTimers = { t1Ms: 500, t2Ms: 4_000, t4Ms: 5_000, dMs: 32_000 };

/** 64*T1: timers B, F, H, J, L and M. */
export function giveUpMs(timers: SipTimers): number {
  return 64 * timers.t1Ms;
}
