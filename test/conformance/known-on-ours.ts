// The cases that the embedded switch does not pass, by name, each with its reason.
export const knownOnOurs: Readonly<Record<string, string>> = {
  'for ever, until the leg ends: a break only begins it anew': 'a break ends endless_playback',
};
