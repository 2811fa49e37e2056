// Which keys of the centre name something else in it, and what new lines begin with.

/** Only what is there may be named; by the last keys of the place. */
export const NAMED: Readonly<Record<string, string>> = {
  ...{ 'recovery.callback-hours': 'hours', 'limits.exit': 'queue' },
  ...{ 'recovery.text': 'text', 'announcements.text': 'text' },
  ...{ 'try-out.number': 'own-number', 'try-out.agent': 'agent', 'try-out.trunk': 'trunk' },
};

/** What is there is proposed, and something new may be written. */
export const PROPOSED: Readonly<Record<string, string>> = { skill: 'skill', team: 'team', 'time-zone': 'time-zone' };

/** The names of a mapping: of its keys. */
export const PAIR_NAMES: Readonly<Record<string, string>> = { skills: 'skill', 'team-delays': 'team' };

/** A line that is good as it is, by the keys of its list. */
export const STARTS: Readonly<Record<string, unknown>> = {
  'hours.*.open': { days: 'sat', from: '09:00', to: '14:00' },
  'hours.*.exceptions.*.open': { from: '09:00', to: '14:00' },
  'agents.*.forwards': { when: 'no-answer', to: 'voicemail' },
  'numbers.*.forwards': { when: 'no-answer', to: 'voicemail' },
};

/** What stands beside the one key that says what a thing is, by the keys of the thing. */
export const BESIDE_THE_ONE: Readonly<Record<string, readonly string[]>> = {
  'agents.*.devices.*': ['security', 'ring'],
};
