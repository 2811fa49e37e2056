// The extensions of SIP by their option tags (IANA registry "SIP Option Tags").

const REGISTERED = new Set(
  `100rel 199 answermode early-session eventlist explicitsub from-change geolocation-http geolocation-sip gin gruu
  histinfo ice join multiple-refer norefersub nosub outbound path policy precondition pref privacy
  recipient-list-invite recipient-list-message recipient-list-subscribe record-aware replaces resource-priority
  sdp-anat sec-agree siprec tdialog timer trickle-ice uui`.split(/\s+/),
);

/**
 * Whether an extension of that name exists. Which of them are spoken is the application's business, as with the real
 * server; one that nobody has ever defined is refused for it with 420 (RFC 3261 §8.2.2.3).
 */
export function isOptionTag(text: string): boolean {
  return REGISTERED.has(text.toLowerCase());
}
