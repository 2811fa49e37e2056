// The centre of the application's stories: small queues with every kind of end, and a flow of one menu.
import { SAMPLE_TEXT } from '../support/sample-centre.js';
import type { SceneOptions } from './scene.js';

const TRUNKS_AND_TEXTS = SAMPLE_TEXT.slice(SAMPLE_TEXT.indexOf('\ntrunks:'));

export const CENTRE_TEXT = `
version: 1
name: Hilo
country: ES
time-zone: Europe/Madrid
languages: [es, en]

numbers:
  1000: { to: { flow: main } }
  1001: { to: { queue: support } }
  1002: { to: { queue: tired } }
  1003: { to: { queue: promised } }
  1004: { to: { queue: first } }
  1005: { to: { queue: around } }
  1006: { to: { queue: recorded } }
  1007: { to: { queue: outside } }
  2001:
    to: { agent: ana }
    forwards:
      - { when: unregistered, to: voicemail }
      - { when: busy, to: { queue: support } }
      - { when: no-answer, to: { number: '+34910000001' } }
  2002:
    to: { agent: bruno }
    forwards:
      - { when: unregistered, to: { agent: carla } }
  2003:
    to: { agent: carla }
    forwards:
      - { when: always, to: { number: '+34910000002' } }

queues:
  support: { title: { es: Soporte, en: Soporte }, skill: support, ring: 20s, max-wait: 10m, max-length: 3, wrap-up: 5s, overflow: message }
  tired: { title: { es: Cansada, en: Cansada }, skill: nobody, max-wait: 30s, exit-key: '*', announce: 10s, overflow: voicemail }
  promised: { title: { es: Prometida, en: Prometida }, skill: support, max-length: 0, overflow: callback }
  first: { title: { es: Primera, en: Primera }, skill: nobody, max-wait: 5s, overflow: { queue: second } }
  second: { title: { es: Segunda, en: Segunda }, skill: nobody, max-wait: 5s, overflow: { queue: support } }
  around: { title: { es: Redonda, en: Redonda }, skill: nobody, max-wait: 5s, overflow: { queue: around-again } }
  around-again: { title: { es: Redonda, en: Redonda }, skill: nobody, max-wait: 5s, overflow: { queue: around } }
  recorded: { title: { es: Grabada, en: Grabada }, skill: sales, wrap-up: 0s, record: true, overflow: hangup }
  outside: { title: { es: Fuera, en: Fuera }, skill: nobody, max-wait: 5s, overflow: { number: '+34910000001' } }

agents:
  ana: { title: Ana, skills: { support: 5 }, devices: [{ sip: ana-desk }] }
  bruno: { title: Bruno, skills: { support: 3, sales: 3 }, devices: [{ sip: bruno-desk }] }
  carla: { title: Carla, skills: { sales: 5 }, devices: [{ sip: carla-desk }] }
${TRUNKS_AND_TEXTS}`;

export const MAIN_FLOW = `
version: 1
name: main
languages: [es, en]
start: menu
steps:
  menu:
    do: menu
    say: { es: Pulse uno, en: Press one }
    wait: 5s
    tries: 2
    keys: { 1: support, 2: english, 3: boss, 4: voicemail, 5: write }
    otherwise: bye
  english: { do: set, language: en, next: menu }
  support: { do: queue, queue: support }
  boss: { do: forward, to: { number: '+34910000003' }, ring: 10s, next: bye, otherwise: bye }
  voicemail: { do: voicemail, say: { es: Hable, en: Speak }, queue: support, next: bye, otherwise: bye }
  write: { do: message, text: { es: Hola, en: Hi }, next: bye, otherwise: bye }
  bye: { do: hangup, say: { es: Adiós, en: Bye } }
`;

/** How the rules of the queue `support` end. */
const SUPPORT = 'wrap-up: 5s, overflow: message }';

/** The queue `support` with more rules. Throws when the centre's text has changed. */
export function withSupport(rules: string, options: SceneOptions = {}): SceneOptions {
  return {
    ...options,
    centre: (text) => {
      if (!text.includes(SUPPORT)) throw new Error(`the centre has no queue that ends with ${SUPPORT}`);
      const changed = text.replace(SUPPORT, `wrap-up: 5s, ${rules}, overflow: message }`);
      return options.centre?.(changed) ?? changed;
    },
  };
}
