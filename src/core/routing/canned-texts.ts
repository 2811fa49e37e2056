// The texts that Hilo itself says: which ones a centre has to have, and what each may fill in.

/** Key under `texts` → names the text may use. */
export const CANNED_TEXTS: Readonly<Record<string, readonly string[]>> = {
  /** To a waiting caller; `position` counts from 1. */
  'queue-position': ['position'],
  /** Nobody can take the call. */
  'nobody-free': ['reference'],
  /** Hilo itself is in trouble: nothing is promised. */
  regret: [],
  'voicemail-greeting': [],
  'voicemail-thanks': ['reference'],
  /** A message, or a call-back, is on its way. */
  'message-promised': ['reference'],
  'callback-promised': ['reference'],
  /** To the agent, while the customer is being called. */
  'callback-agent': ['reference', 'queue'],
  // Written: what is answered to a reply; `time` is the moment agreed on, in words.
  'callback-confirmed': ['reference', 'queue', 'time'],
  'callback-confirmed-later': ['reference', 'queue', 'time'],
  'callback-declined': ['reference', 'queue'],
  'consent-withdrawn': ['reference', 'queue'],
  'reply-not-understood': ['reference', 'queue'],
};

/** Texts that a centre needs only for what it has switched on. */
export const OPTIONAL_TEXTS: Readonly<Record<string, readonly string[]>> = {
  /** With the position, for queues with `say-wait`; `wait` in rounded words: five minutes. */
  'queue-wait': ['wait'],
  /** To a customer who is called back first: press 1 to be connected. */
  'callback-accept': ['reference', 'queue'],
  /** To an agent who has answered at a number: press 1 to take the call. Without it there is silence until the key. */
  'mobile-accept': [],
  /** The key that was pressed cannot be granted: the caller waits on. */
  'exit-impossible': [],
};

/** What announcements to those who wait may fill in; `wait` is empty as long as nobody knows it. */
export const WAITING_TEXT_NAMES: readonly string[] = ['reference', 'queue', 'position', 'wait'];

/** All other texts, such as that of the recovery message. */
export const FREE_TEXT_NAMES: readonly string[] = ['reference', 'queue'];
