// The cases that the embedded switch does not pass, by name, each with its reason.
export const knownOnOurs: Readonly<Record<string, string>> = {};
