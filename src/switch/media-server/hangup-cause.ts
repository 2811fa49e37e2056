// Owns the numbers of the causes that calls end with.

const NORMAL_CLEARING = 16;

/** ITU-T Q.850. */
const Q850: Readonly<Record<string, number>> = {
  NORMAL_CLEARING,
  USER_BUSY: 17,
  NO_ANSWER: 19,
  CALL_REJECTED: 21,
  DESTINATION_OUT_OF_ORDER: 27,
  NORMAL_TEMPORARY_FAILURE: 41,
  INCOMPATIBLE_DESTINATION: 88,
  RECOVERY_ON_TIMER_EXPIRE: 102,
  // FreeSWITCH's own, beyond the seven bits of Q.850.
  MEDIA_TIMEOUT: 604,
};

/** A Reason header (RFC 3326) for a cause by its name. */
export function reasonOf(cause: string): string {
  return `Q.850;cause=${Q850[cause] ?? NORMAL_CLEARING};text="${cause}"`;
}
