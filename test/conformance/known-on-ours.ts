// The cases that the embedded switch does not pass, by name, each with its reason.
export const knownOnOurs: Readonly<Record<string, string>> = {
  'for ever, until the leg ends: a break only begins it anew': 'a break ends endless_playback',
  'an application listens to an event of its own': 'no application `event`',
  'tones of a programme': 'no application `gentones`',
  'a playback pauses and goes on': 'no `uuid_fileman`',
  'hears a whisper mixed into what one of them hears': 'no `uuid_displace`',
};
