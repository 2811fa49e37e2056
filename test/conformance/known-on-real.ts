// The cases that a real drachtio-server or FreeSWITCH does not pass, by name, each with its reason.
export const knownOnReal: Readonly<Record<string, string>> = {};
