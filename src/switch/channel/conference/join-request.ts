// Owns the argument of the conference application: `name[@profile][+pin][+flags{a|b}]`.

/** Flags of FreeSWITCH that mean something for audio; others are read over. */
const MEMBER_FLAGS = [
  'mute',
  'deaf',
  'mute-detect',
  'moderator',
  'endconf',
  'mintwo',
  'ghost',
  'join-only',
  'wait-mod',
  'nomoh',
  'dist-dtmf',
] as const;
export type MemberFlag = (typeof MEMBER_FLAGS)[number];

export interface JoinRequest {
  readonly name: string;
  readonly profile: string;
  readonly pin: string;
  readonly flags: ReadonlySet<MemberFlag>;
}

const NAME_LENGTH_MAX = 128;

/** Undefined for a text without a name, or with one that could not be a word of a command. */
export function parseJoin(text: string): JoinRequest | undefined {
  const flagsAt = text.search(/\+flags\{/i);
  const flags = flagsAt < 0 ? '' : (/\{([^}]*)\}/.exec(text.slice(flagsAt))?.[1] ?? '');
  const [place = '', pin = ''] = (flagsAt < 0 ? text : text.slice(0, flagsAt)).trim().split('+');
  const [name = '', profile = 'default'] = place.split('@');
  if (name === '' || name.length > NAME_LENGTH_MAX || /\s/.test(name)) return undefined;
  const named = new Set(flags.split('|').map((flag) => flag.trim().toLowerCase()));
  return { name, profile, pin, flags: new Set(MEMBER_FLAGS.filter((flag) => named.has(flag))) };
}
