// Which fields each part of the centre has, and what a new one begins with.
import type { FormPart } from './texts.js';

export type FieldKind =
  | {
      readonly kind:
        | 'text'
        | 'whole'
        | 'switch'
        | 'texts'
        | 'place'
        | 'entry'
        | 'skills'
        | 'devices'
        | 'spans'
        | 'days';
    }
  | { readonly kind: 'choice'; readonly values: readonly string[] };

export interface Field {
  readonly key: string;
  readonly type: FieldKind;
  /** What counts when nothing is written. */
  readonly otherwise?: string;
}

/** As in core/acd/queue.ts; ring-all and the others are told apart by the manual, docs/routing.md. */
const STRATEGIES = [
  ...['longest-idle', 'round-robin', 'fewest-calls', 'least-talk-time'],
  ...['random', 'weighted', 'top-down', 'ring-all'],
];

const text = { kind: 'text' } as const;

export const FORMS: Readonly<Record<FormPart, readonly Field[]>> = {
  queues: [
    { key: 'title', type: { kind: 'texts' } },
    { key: 'skill', type: text },
    { key: 'strategy', type: { kind: 'choice', values: STRATEGIES }, otherwise: 'longest-idle' },
    { key: 'priority', type: { kind: 'whole' }, otherwise: '5' },
    { key: 'ring', type: text, otherwise: '20s' },
    { key: 'max-wait', type: text, otherwise: '10m' },
    { key: 'max-length', type: { kind: 'whole' }, otherwise: '100' },
    { key: 'overflow', type: { kind: 'place' } },
    { key: 'service-level', type: text, otherwise: '20s' },
    { key: 'wrap-up', type: text, otherwise: '15s' },
    { key: 'announce', type: text, otherwise: 'never' },
    { key: 'say-wait', type: { kind: 'switch' } },
    { key: 'exit-key', type: text },
    { key: 'record', type: { kind: 'switch' } },
  ],
  agents: [
    { key: 'title', type: text },
    { key: 'role', type: { kind: 'choice', values: ['agent', 'supervisor', 'admin'] }, otherwise: 'agent' },
    { key: 'team', type: text },
    { key: 'skills', type: { kind: 'skills' } },
    { key: 'devices', type: { kind: 'devices' } },
  ],
  numbers: [
    { key: 'to', type: { kind: 'entry' } },
    { key: 'note', type: text },
  ],
  hours: [
    { key: 'open', type: { kind: 'spans' } },
    { key: 'closed', type: { kind: 'days' } },
    { key: 'note', type: text },
  ],
};

export const FORM_PARTS = Object.keys(FORMS) as readonly FormPart[];

/** A name that may be given to a new one. */
export const NAMES: Readonly<Record<FormPart, RegExp>> = {
  queues: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
  agents: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
  hours: /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
  numbers: /^\+?[0-9*#]{1,20}$|^[a-z][a-z0-9.-]{0,39}$/,
};

/** Good as it is, so that nothing is red before one has begun. */
export function begun(part: FormPart, name: string, languages: readonly string[]): unknown {
  switch (part) {
    case 'queues':
      return {
        title: Object.fromEntries(languages.map((language) => [language, name])),
        ...{ skill: name, 'max-wait': '10m', overflow: 'message' },
      };
    case 'agents':
      return { title: name, skills: {}, devices: [{ sip: `${name}-desk` }] };
    case 'numbers':
      return { to: 'voicemail' };
    case 'hours':
      return { open: [{ days: 'mon-fri', from: '09:00', to: '18:00' }] };
  }
}
