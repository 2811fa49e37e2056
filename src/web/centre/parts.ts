// The parts of the centre that have a form: where each stands in the file, and what of it is shown first.

/** There are several, by name, under one key. */
export interface ManyPart {
  readonly kind: 'many';
  readonly key: string;
  /** Fields shown at once; the others where one asks for more. All when left out. */
  readonly first?: readonly string[];
}

/** Keys of the centre that there is one of each. */
export interface OnePart {
  readonly kind: 'one';
  readonly keys: readonly string[];
}

/** Seen across the file: it has no place of its own. */
export interface AcrossPart {
  readonly kind: 'across';
}

const QUEUE = ['title', 'skill', 'strategy', 'priority', 'ring', 'max-wait', 'max-length', 'service-level'];
const AGENT = ['title', 'role', 'team', 'skills', 'devices'];

export const PARTS = {
  numbers: { kind: 'many', key: 'numbers' },
  hours: { kind: 'many', key: 'hours' },
  trunks: { kind: 'many', key: 'trunks' },
  outbound: { kind: 'one', keys: ['outbound'] },
  queues: { kind: 'many', key: 'queues', first: [...QUEUE, 'wrap-up', 'announce', 'record', 'overflow'] },
  dispositions: { kind: 'across' },
  recovery: { kind: 'one', keys: ['recovery'] },
  agents: { kind: 'many', key: 'agents', first: AGENT },
  teams: { kind: 'across' },
  skills: { kind: 'across' },
  devices: { kind: 'across' },
  breaks: { kind: 'many', key: 'breaks' },
  rests: { kind: 'one', keys: ['back-off'] },
  channels: { kind: 'one', keys: ['channels'] },
  conversations: { kind: 'one', keys: ['conversations'] },
  chat: { kind: 'one', keys: ['chat'] },
  general: { kind: 'one', keys: ['name', 'time-zone', 'country', 'languages', 'crm', 'http', 'try-out', 'note'] },
  limits: { kind: 'one', keys: ['budgets', 'limits'] },
  texts: { kind: 'many', key: 'texts' },
} as const satisfies Readonly<Record<string, ManyPart | OnePart | AcrossPart>>;

export type FormPart = keyof typeof PARTS;
export const FORM_PARTS = Object.keys(PARTS) as readonly FormPart[];

/** In the order of the page. */
export const GROUPS = [
  ['calls', ['numbers', 'hours', 'trunks', 'outbound']],
  ['queues', ['queues', 'dispositions', 'recovery', 'channels', 'conversations', 'chat']],
  ['people', ['agents', 'teams', 'skills', 'devices', 'breaks', 'rests']],
  ['centre', ['general', 'limits', 'texts']],
] as const satisfies readonly (readonly [string, readonly FormPart[]])[];

/** What a new one begins with: good as it is, so that nothing is red before one has begun. */
export function freshOf(key: string, name: string, languages: readonly string[]): unknown {
  const title = Object.fromEntries(languages.map((language) => [language, name]));
  switch (key) {
    case 'queues':
      return { title, skill: name, 'max-wait': '10m', overflow: 'message' };
    case 'agents':
      return { title: name, skills: {}, devices: [{ sip: `${name}-desk` }] };
    case 'numbers':
      return { to: 'voicemail' };
    case 'hours':
      return { open: [{ days: 'mon-fri', from: '09:00', to: '18:00' }] };
    case 'trunks':
      return { peers: ['192.0.2.10'], 'caller-id': '+34910000000' };
    case 'breaks':
      return { title };
    default:
      return title;
  }
}
