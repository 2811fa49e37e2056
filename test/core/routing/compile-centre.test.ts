import { describe, expect, test } from 'vitest';
import { formatIssue } from '../../../src/core/document/issue.js';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { namesInCentre } from '../../../src/core/routing/keys/names-in-centre.js';
import { SAMPLE_TEXT, sampleCentre } from '../../support/sample-centre.js';

function mistakesIn(text: string): string[] {
  const compiled = compileCentre({ file: 'c', text, revision: '' }, { flows: new Set(['main']) });
  return compiled.ok ? [] : compiled.issues.map((issue) => formatIssue(issue).replace(/^c:\d+:\d+: /, ''));
}

/** The sample with one piece of its text replaced; the piece has to be there. */
function changed(from: string, to: string): string {
  expect(SAMPLE_TEXT).toContain(from);
  return SAMPLE_TEXT.replace(from, to);
}

describe('the sample centre', () => {
  const centre = sampleCentre();

  test('has the numbers that the documentation names', () => {
    expect(centre.numbers.slice(0, 4)).toEqual([
      { number: '1000', entry: { kind: 'flow', flow: 'main' }, forwards: [] },
      { number: '1001', entry: { kind: 'queue', queue: 'support' }, forwards: [] },
      { number: '1002', entry: { kind: 'queue', queue: 'nobody' }, forwards: [] },
      { number: '1003', entry: { kind: 'queue', queue: 'full' }, forwards: [] },
    ]);
  });

  test('has a queue that nobody serves and one that overflows at once', () => {
    const skills = [...centre.agents.values()].flatMap((agent) => Object.keys(agent.skills));
    expect(skills).not.toContain(centre.queues.get('nobody')?.skill);
    expect(centre.queues.get('full')).toMatchObject({ maxLength: 0, overflow: { kind: 'message' } });
  });

  test('has three agents with a desk phone and a browser each', () => {
    const devices = [...centre.agents.values()].map(({ name, devices }) => [name, devices]);
    expect(devices).toEqual(
      ['ana', 'bruno', 'carla'].map((name) => [
        name,
        [
          { name: `${name}-desk`, kind: 'sip' },
          { name: `${name}-web`, kind: 'sip', browser: true },
        ],
      ]),
    );
  });

  test('reads times, durations, trunk and recovery', () => {
    expect(centre.queues.get('sales')).toMatchObject({
      maxWaitMs: 300_000,
      ringMs: 20_000,
      exitKey: '*',
      music: 'moh',
    });
    expect(centre.queues.get('nobody')).toMatchObject({ announceEveryMs: 0, priority: 5 });
    expect(centre.trunks).toEqual([
      {
        name: 'lab',
        peers: ['127.0.0.1/32'],
        outbound: { host: '127.0.0.1', port: 5070, transport: 'udp' },
        callerId: '+34910000000',
      },
    ]);
    expect(centre.recovery).toMatchObject({
      shortAbandonMs: 3_000,
      coolDownMs: 900_000,
      attemptDelaysMs: [0, 900_000, 3_600_000],
      offerValidMs: 86_400_000,
      text: 'missed-call',
    });
  });

  test('the message names the reference and how to answer, in each language', () => {
    const message = centre.texts.get('missed-call');
    expect(message?.['es']).toMatch(/Responda 1 .*\{\{ reference \}\}/);
    expect(message?.['en']).toMatch(/Reply 1 .*\{\{ reference \}\}/);
  });
});

describe('a mistake in the centre is told at its place', () => {
  test.each([
    ['{ flow: main }', '{ flow: mian }', "there is no flow 'mian' (did you mean 'main'?)"],
    ['{ queue: full }', '{ queue: ful }', "there is no queue 'ful' (did you mean 'full'?)"],
    ['{ queue: full }', '{ queue: full, agent: ana }', 'a call goes to exactly one place'],
    ['{ queue: full }', 'voicemial', "'voicemial' is not a place for a call"],
    ['{ when: busy, to', '{ when: unregistered, to', "'unregistered' is here twice (only the first would count)"],
    [
      '{ when: busy, to',
      '{ when: bussy, to',
      'this value is not known here (one of: always, busy, no-answer, unregistered)',
    ],
    ['to: { agent: carla } }', 'to: { number: +34806123123 } }', "'+34806123123' may not be dialled: premium-number"],
    [
      'to: { agent: carla } }',
      'to: { number: +14155550100 } }',
      "'+14155550100' may not be dialled: prefix-not-allowed",
    ],
    ['overflow: { queue: support }', 'overflow: { queue: sales }', 'a queue cannot overflow into itself'],
    ['max-wait: 10s', 'max-wait: 10', "'10' is not a length of time (write the unit: 300ms, 5s, 2m, 1h)"],
    ['max-wait: 10s', 'max-wait: 9h', '9h is out of bounds (between 1s and 4h)'],
    ['max-length: 0', 'max-length: -1', 'this is too little (at least 0)'],
    ['max-length: 0', 'max-lenght: 0', "'max-lenght' is not known here (did you mean 'max-length'?)"],
    ['{ es: Ventas, en: Sales }', '{ es: Ventas }', "the text in 'en' is missing (add en: …)"],
    ['{ es: Ventas, en: Sales }', '{ es: Ventas, en: Sales, fr: Ventes }', "'fr' is not a language of the centre"],
    ['{ sip: bruno-desk }', '{ sip: ana-desk }', "'ana-desk' already belongs to ana (a device has one agent)"],
    ['{ sip: bruno-desk }', '{ number: 666 }', "'666' may not be dialled: prefix-not-allowed (see outbound)"],
    ['{ sip: bruno-desk }', '{ sip: b, number: 2 }', 'a device is either sip, browser or number'],
    ['{ browser: bruno-web }', '{ browser: b, security: sdes }', 'a browser has its own security'],
    ['{ browser: bruno-web }', '{ browser: ana-desk }', "'ana-desk' already belongs to ana"],
    ['{ sip: bruno-desk }', '{ sip: bruno-desk, security: dtls }', 'this value is not known here (one of: sdes)'],
    ['{ sip: bruno-desk }', '{ number: 34910000000, security: sdes }', 'a number has no security of its own'],
    ['127.0.0.1/32', '127.0.0.1/33', 'this is neither an address nor a range (e.g. 192.0.2.10 or 192.0.2.0/24)'],
    ['127.0.0.1/32', '300.0.0.1', 'this is neither an address nor a range'],
    ['Europe/Madrid', 'Europe/Madird', 'this time zone is not known (e.g. Europe/Madrid)'],
    ['country: ES', 'country: XX', 'this country is not known (two capital letters, e.g. ES)'],
    ["from: '09:00', to: '15:00'", "from: '9', to: '15:00'", 'a time is written as 09:00'],
    ['days: mon-thu', 'days: thu-mon', "'thu-mon' is no day (e.g. mon-fri, sat or [mon, wed])"],
    ["'2026-05-15'", "'2026-13-15'", 'a day is written as 2026-12-25'],
    [
      'callback-hours: always',
      'callback-hours: allways',
      "there is no opening hours 'allways' (did you mean 'always'?)",
    ],
    [
      "- { days: mon-sun, from: '00:00', to: '24:00' }",
      '[]',
      "'always' never opens (nobody would ever be called back)",
    ],
    ['text: missed-call', 'text: missed-cal', "there is no text 'missed-cal' (did you mean 'missed-call'?)"],
    ['  regret:', '  regrets:', "the text 'regret' is missing (Hilo says it to callers)"],
    ['puesto {{ position }}', 'puesto {{ postion }}', "'postion' is not known in texts (did you mean 'position'?)"],
    ['channel: sandbox', 'channel: fax', 'this value is not known here (one of: sms, whatsapp, sandbox)'],
    ['title: Ana Molina', 'title: "Ana\\r\\nVia: x"', 'a text may not hold line breaks or control characters'],
    ['version: 1', 'version: 2', 'this version is not known: Hilo reads version 1'],
  ])('%s → %s', (from, to, mistake) => {
    expect(mistakesIn(changed(from, to)).join('\n')).toContain(mistake);
  });

  test('with line and column, all of them at once, in order', () => {
    const text = changed('{ flow: main }', '{ flow: mian }').replace('{ queue: full }', '{ queue: ful }');
    const compiled = compileCentre({ file: 'c', text, revision: '' }, { flows: new Set(['main']) });
    expect(compiled).toMatchObject({
      ok: false,
      issues: [
        { file: 'c', line: 11, column: 23 },
        { file: 'c', line: 14, column: 24 },
      ],
    });
  });
});

test('a number is a number however it is quoted', () => {
  const centre = sampleCentre((text) => text.replace('  1000:', '  "1000":').replace("'*' #", '0 #'));
  expect(centre.numbers[0]?.number).toBe('1000');
  expect(centre.queues.get('sales')?.exitKey).toBe('0');
});

test('names can be read from a centre with mistakes, so that its flows can still be checked', () => {
  const names = namesInCentre({ file: 'c', text: changed('country: ES', 'country: XX'), revision: '' });
  expect([...names.queues]).toEqual(['support', 'sales', 'nobody', 'full']);
  expect(names.texts.get('regret')?.['en']).toMatch(/technical problem/);
  expect(namesInCentre({ file: 'c', text: '[', revision: '' }).queues.size).toBe(0);
});

describe('waiting, call-backs and recovery', () => {
  const SALES = 'exits: { 1: callback, 2: voicemail }';

  test('what a queue says of those who wait', () => {
    const keys = `exits: { 1: callback, '#': { queue: support } }
    announcements: [{ text: comfort, after: 20s, every: 60s }, { text: queue-wait }]
    divert: { when-wait-over: 10m, when-waiting-per-agent-over: 5, to: callback }
    leave-empty: overflow
    empty-means: nobody-at-work
    callbacks: { first: customer, reached-after: 8s, owner-wait: 1h }`;
    const text = changed(SALES, keys).replace(
      '\ntexts:\n',
      '\ntexts:\n  comfort: { es: "{{ wait }}", en: "{{ position }}" }\n',
    );
    expect(mistakesIn(text)).toEqual([]);
    expect(sampleCentre(() => text).queues.get('sales')).toMatchObject({
      exits: { 1: { kind: 'callback' }, '#': { kind: 'queue', queue: 'support' } },
      announcements: [
        { text: 'comfort', afterMs: 20_000, everyMs: 60_000 },
        { text: 'queue-wait', afterMs: 0, everyMs: 0 },
      ],
      sayWait: true,
      divert: { whenWaitOverMs: 600_000, whenWaitingPerAgentOver: 5, to: { kind: 'callback' } },
      leaveEmpty: 'overflow',
      emptyMeans: 'nobody-at-work',
      callbacks: { first: 'customer', reachedAfterMs: 8_000, ownerWaitMs: 3_600_000 },
    });
  });

  test.each([
    ['exits: { 12: callback }', 'one key of the telephone'],
    ["exits: { '*': callback }", "'*' is the exit-key too (one of the two)"],
    ['exits: { 1: { queue: sales } }', 'this leads back into the same queue (another place)'],
    ['exits: { 1: { queue: suport } }', "there is no queue 'suport' (did you mean 'support'?)"],
    [
      'divert: { to: callback }',
      'nothing says when to divert (when-wait-over: 10m, or when-waiting-per-agent-over: 5)',
    ],
    ['divert: { when-wait-over: 10m, to: { queue: sales } }', 'this leads back into the same queue (another place)'],
    ['announcements: [{ text: comfrt }]', "there is no text 'comfrt'"],
    ['callbacks: { first: both }', ''],
    ['leave-empty: hangup', ''],
  ])('%s', (keys, mistake) => {
    const [first = ''] = mistakesIn(changed(SALES, keys));
    expect(first).not.toBe('');
    expect(first).toContain(mistake);
  });

  test.each([
    ['queue-wait', "the text 'queue-wait' is missing (add it under texts)"],
    ['callback-accept', "the text 'callback-accept' is missing (add it under texts)"],
  ])('what is switched on needs its text: %s', (name, mistake) => {
    const without = SAMPLE_TEXT.replace(`\n  ${name}:\n`, '\n  something-else:\n').replaceAll('{{ wait }}', '');
    const text = without.replace(SALES, 'callbacks: { first: customer }');
    expect(mistakesIn(text)).toContain(mistake);
  });

  test('what recovery says of attempts, hours and the form', () => {
    const keys = `offer-valid: 24h
  retry-after: { busy: [2m, 5m], machine: [1h] }
  customer-hours: { from: '09:00', to: '21:00' }
  resume-place: 90s
  web-form: { queues: [support], max-per-hour: 10 }
  promises-per-number-per-day: 2`;
    const text = changed('offer-valid: 24h', keys);
    expect(mistakesIn(text)).toEqual([]);
    expect(sampleCentre(() => text).recovery).toMatchObject({
      retryAfterMs: { busy: [120_000, 300_000], machine: [3_600_000] },
      customerHours: { from: '09:00', to: '21:00' },
      resumePlaceMs: 90_000,
      webForm: { queues: ['support'], maxPerHour: 10 },
      promisesPerNumberPerDay: 2,
    });
  });

  test.each([
    ["customer-hours: { from: '21:00', to: '09:00' }", 'these hours never open'],
    ['web-form: { queues: [suport] }', "there is no queue 'suport'"],
    ['web-form: { queues: [] }', 'a form needs a queue'],
    ['retry-after: { answered: [1m] }', "'answered' is not known here"],
  ])('%s', (keys, mistake) => {
    expect(mistakesIn(changed('offer-valid: 24h', `offer-valid: 24h\n  ${keys}`)).join()).toContain(mistake);
  });
});

describe('trying the centre out', () => {
  const line = /^try-out: .*$/m.exec(SAMPLE_TEXT)?.[0] ?? '';

  test('is possible in the sample, and where it is not written it is not', () => {
    expect(sampleCentre().tryOut).toEqual({ number: '1000', agent: 'ana', trunk: 'lab', customers: '+3460000' });
    expect(sampleCentre((text) => text.replace(line, '')).tryOut).toBeUndefined();
  });

  test.each([
    ["try-out: { number: 1009, agent: ana, trunk: lab, customers: '+3460000' }", "there is no number '1009'"],
    ["try-out: { number: 1000, agent: anna, trunk: lab, customers: '+3460000' }", "there is no agent 'anna'"],
    ["try-out: { number: 1000, agent: ana, trunk: lob, customers: '+3460000' }", "there is no trunk 'lob'"],
    ["try-out: { number: 1000, agent: ana, trunk: lab, customers: '+346000' }", 'may not be dialled: not-a-number'],
    ["try-out: { number: 1000, agent: ana, trunk: lab, customers: '+3361234' }", 'may not be dialled'],
    ["try-out: { number: 1000, agent: ana, trunk: lab, customers: '600000' }", 'a prefix is + and digits'],
  ])('%s', (keys, mistake) => {
    expect(mistakesIn(changed(line, keys)).join()).toContain(mistake);
  });

  test('needs an agent with a telephone of their own', () => {
    const mobile = changed(
      'devices: [{ sip: ana-desk }, { browser: ana-web }]',
      "devices: [{ number: '+34600123456' }]",
    );
    expect(mistakesIn(mobile).join()).toContain('ana has no sip device');
  });
});

describe('opening hours', () => {
  const hours = (text: string) => mistakesIn(changed('  always:\n', `  lunch:\n${text}  always:\n`));

  test('may have a lunch break and nights that meet', () => {
    const spans = `    open:
      - { days: mon-fri, from: '09:00', to: '14:00' }
      - { days: mon-fri, from: '16:00', to: '20:00' }
      - { days: sun, from: '20:00', to: '09:00' }
`;
    expect(hours(spans)).toEqual([]);
  });

  test.each([
    [
      "    open: [{ days: mon-fri, from: '09:00', to: '14:00' }, { days: fri, from: '13:59', to: '16:00' }]\n",
      'this overlaps with span 1 (a lunch break is the time between two spans)',
    ],
    [
      "    open: [{ days: sun, from: '20:00', to: '09:01' }, { days: mon, from: '09:00', to: '14:00' }]\n",
      'this overlaps with span 1 (a lunch break is the time between two spans)',
    ],
    ['    open: []\n    holidays: { country: XX }\n', "no holidays are known of 'XX' (did you mean 'AX'?)"],
    ['    open: []\n    holidays: { country: ES, region: MAD }\n', "'ES' has no region 'MAD' (did you mean 'MD'?)"],
    [
      "    open: []\n    closed: ['2026-12-24']\n    exceptions: [{ date: '2026-12-24', open: [] }]\n",
      '2026-12-24 is also under closed (leave it in one of them)',
    ],
    [
      "    open: []\n    exceptions: [{ date: '2026-12-24', open: [] }, { date: '2026-12-24', open: [] }]\n",
      '2026-12-24 is here twice (one entry with all its spans)',
    ],
  ])('%s', (text, message) => {
    expect(hours(text)).toContain(message);
  });
});
