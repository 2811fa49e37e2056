// Texts of the telephone in the browser.
import type { Texts } from '../texts/language.js';
import type { AudioRole } from './audio/choices.js';
import type { PhoneFailure } from './phone-view.js';

const es = {
  settings: 'Sonido',
  roles: {
    microphone: 'Micrófono',
    speaker: 'Altavoz o auriculares',
    ringer: 'Suena en',
  } satisfies Record<AudioRole, string>,
  byDefault: 'El del navegador',
  unnamed: (number: number) => `Dispositivo ${number}`,
  allow: 'Permitir el micrófono',
  allowWhy: 'El navegador preguntará si esta página puede usar el micrófono. Hace falta para hablar.',
  denied: 'El navegador no deja usar el micrófono. Permítalo en el candado junto a la dirección y vuelva a intentarlo.',
  none: 'No se encuentra ningún micrófono. Conecte uno y vuelva a intentarlo.',
  again: 'Volver a intentarlo',
  level: 'Nivel del micrófono',
  heard: 'Se le oye.',
  silent: 'Diga algo: no se oye nada.',
  tryRing: 'Probar el timbre',
  trySpeaker: 'Probar el altavoz',
  notChosen: 'Este navegador no deja elegir por dónde suena; se usa la salida del sistema.',
  failures: {
    'no-microphone': 'El navegador no deja usar el micrófono.',
    unreachable: 'No se alcanza la centralita; se vuelve a intentar.',
    refused: 'La centralita no admite este teléfono; se vuelve a intentar.',
    'no-device': 'Su usuario no tiene teléfono en el navegador.',
  } satisfies Record<PhoneFailure, string>,
};

export const phoneTexts: Texts<typeof es> = {
  es,
  en: {
    settings: 'Sound',
    roles: { microphone: 'Microphone', speaker: 'Speaker or headset', ringer: 'Rings on' },
    byDefault: 'The browser’s own',
    unnamed: (number) => `Device ${number}`,
    allow: 'Allow the microphone',
    allowWhy: 'The browser will ask whether this page may use the microphone. It is needed to talk.',
    denied:
      'The browser does not let this page use the microphone. Allow it at the lock beside the address, and try again.',
    none: 'No microphone was found. Connect one, and try again.',
    again: 'Try again',
    level: 'Level of the microphone',
    heard: 'You are heard.',
    silent: 'Say something: nothing is heard.',
    tryRing: 'Try the ringing',
    trySpeaker: 'Try the speaker',
    notChosen: 'This browser does not let you choose where it plays; the output of the system is used.',
    failures: {
      'no-microphone': 'The browser does not let this page use the microphone.',
      unreachable: 'The telephone server is not reached; trying again.',
      refused: 'The telephone server does not take this phone; trying again.',
      'no-device': 'Your user has no phone in the browser.',
    },
  },
};
