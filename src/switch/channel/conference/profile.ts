// The profiles of conferences: those of freeswitch-conf/autoload_configs/conference.conf.xml, in the same words.

export interface Profile {
  /** Group of keys that members have, unless their variable conference_controls names another. */
  readonly controls: string;
  /** What one alone hears; without it the variable conference_moh_sound of the first who comes. */
  readonly music: string | undefined;
}

/** Nothing is heard and no key does anything that nobody asked for. */
const SILENT: Profile = { controls: 'none', music: undefined };

const PROFILES: ReadonlyMap<string, Profile> = new Map([
  ['default', SILENT],
  ['meeting', { controls: 'default', music: 'local_stream://moh' }],
]);

export function profileNamed(name: string): Profile {
  return PROFILES.get(name) ?? SILENT;
}
