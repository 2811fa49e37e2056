// The cases that a real drachtio-server or FreeSWITCH does not pass, by name, each with its reason.
export const knownOnReal: Readonly<Record<string, string>> = {
  'without Contact is refused with 400': 'drachtio-server gives it to the application, whose createUAS refuses it',
  'to two phones that both answer: the first has the call, the other is hung up':
    'drachtio-server takes no notice of the second answer',
  'is called with an offer of keys, and no plain line': 'FreeSWITCH 1.10 makes no offer of its own but in the clear',
  'is called with an offer of DTLS, and no plain line': 'FreeSWITCH 1.10 makes no offer of its own but in the clear',
};
