import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../../src/lib/ids.js';
import { type Log, silentLog } from '../../../src/lib/log.js';
import type { SipRequest, SipResponse } from '../../../src/switch/sip/message/message.js';
import { OFFER, type Phone } from './phone.js';
import { RawApp } from './raw-app.js';
import { Scene, SECRET } from './scene.js';

const STEPS = 400;
/** What happened lately is what matters: the rest is over. */
const RECENT = 3;
const RESPONSES = [100, 180, 183, 200, 200, 302, 401, 486, 503];
const METHODS = [
  'INVITE',
  'BYE',
  'ACK',
  'CANCEL',
  'UPDATE',
  'INFO',
  'PRACK',
  'REFER',
  'NOTIFY',
  'OPTIONS',
  'SUBSCRIBE',
];

/** Two phones and an application that do anything at any time, in every state of every call. */
class Disorder {
  /** Transaction ids: of what the application has been asked, and of what it has asked. */
  readonly #toAnswer: string[] = ['unknown'];
  readonly #toCancel: string[] = ['unknown'];
  readonly #dialogs: string[] = ['unknown;from-tag=x'];
  readonly #asked: { phone: Phone; request: SipRequest; response?: SipResponse }[] = [];
  readonly #heard: { phone: Phone; request: SipRequest }[] = [];

  #cseq = 1;

  constructor(
    readonly scene: Scene,
    readonly app: RawApp,
    readonly phones: readonly Phone[],
    readonly random: Random,
  ) {}

  step(): void {
    this.#look();
    const act = this.#pick([
      () => this.#phoneAsks(),
      () => this.#phoneFollows(),
      () => this.#phoneFollows(),
      () => this.#phoneAnswers(),
      () => this.#phoneAnswers(),
      () => this.#phoneAnswers(),
      () => this.#appAnswers(),
      () => this.#appAnswers(),
      () => this.#appAnswers(),
      () => this.#appAsks(),
      () => this.#appAsksInside(),
      () => this.#appAsksInside(),
      () => this.scene.clock.advance(this.#pick([10, 10, 10, 500, 500, 4_000, this.#pick([10, 10, 33_000])])),
    ]);
    act();
  }

  #look(): void {
    for (const { tokens, message } of this.app.takeAll()) {
      const told = tokens[1] === 'sip';
      const [transaction, dialog] = told ? [tokens[8], tokens[9]] : [tokens[10], tokens[11]];
      if (transaction && told && !message.startsWith('SIP/')) this.#toAnswer.push(transaction);
      if (transaction && !told && message.startsWith('INVITE')) this.#toCancel.push(transaction);
      if (dialog?.includes(';from-tag=')) this.#dialogs.push(dialog);
    }
    for (const phone of this.phones) {
      for (const message of phone.takeAll()) {
        if (message.kind === 'request' && message.method !== 'ACK') this.#heard.push({ phone, request: message });
        const callId = message.headers.get('Call-ID');
        const ours = this.#asked.find(({ request }) => request.headers.get('Call-ID') === callId);
        if (ours !== undefined && message.kind === 'response' && message.status > 100) ours.response = message;
      }
    }
  }

  #phoneAsks(): void {
    const phone = this.#pick(this.phones);
    const headers = this.#pick([{}, { Supported: '100rel' }, { Supported: '100rel', Require: '100rel' }]);
    const request = phone.ask(this.#usually('INVITE', METHODS), this.scene.sipPort, {
      headers,
      body: OFFER,
    });
    this.#asked.push({ phone, request });
  }

  #phoneFollows(): void {
    const { phone, request, response } = this.#pick(this.#asked.slice(-RECENT)) ?? {};
    const method = this.#usually(this.#pick(['ACK', 'CANCEL', 'PRACK']), METHODS);
    if (phone === undefined || request === undefined) return;
    if (method === 'CANCEL') phone.cancel(request, this.scene.sipPort);
    else if (response !== undefined) {
      const cseq = method === 'ACK' ? 1 : this.#pick([1, ++this.#cseq]);
      const headers = { CSeq: `${cseq} ${method}`, RAck: '1 1 INVITE', Contact: `<${phone.uri}>` };
      phone.follow(method, request, response, this.scene.sipPort, { headers, body: this.#pick(['', OFFER]) });
    }
  }

  #phoneAnswers(): void {
    const { phone, request } = this.#pick(this.#heard.slice(-RECENT)) ?? {};
    if (phone === undefined || request === undefined) return;
    const tag = this.#usually('callee', ['fork']);
    const headers = this.#pick([{ 'To-Tag': tag }, { 'To-Tag': tag, RSeq: '1', Require: '100rel' }, { Contact: '' }]);
    phone.answer(request, this.#pick(RESPONSES), {
      headers: headers as Record<string, string>,
      body: this.#pick(['', OFFER]),
    });
  }

  #appAnswers(): void {
    const rel = this.#pick(['', 'Require: 100rel\r\n']);
    const method = this.#usually('INVITE', ['UPDATE', 'CANCEL']);
    const head = `SIP/2.0 ${this.#pick(RESPONSES)} Whatever\r\n${rel}cseq: 1 ${method}`;
    const body = this.#usually(OFFER, ['', 'what']);
    this.app.send(`sip|${this.#pick(this.#toAnswer.slice(-RECENT))}|\r\n${head}\r\n\r\n${body}`);
  }

  #appAsks(): void {
    const { uri } = this.#pick(this.phones);
    const method = this.#usually('INVITE', ['CANCEL', 'CANCEL', ...METHODS]);
    const transaction = method === 'CANCEL' ? this.#pick(this.#toCancel.slice(-RECENT)) : '';
    this.app.send(`sip|${transaction}|\r\n${method} ${uri} SIP/2.0\r\n\r\n${this.#pick(['', OFFER])}`);
  }

  #appAsksInside(): void {
    const dialog = this.#pick(this.#dialogs.slice(-RECENT));
    const uri = this.#usually('sip:placeholder', [this.#pick(this.phones).uri, 'sip:nowhere.invalid']);
    const body = this.#pick(['', OFFER]);
    this.app.send(
      `sip||${dialog}\r\n${this.#usually(this.#pick(['ACK', 'INVITE']), ['PRACK', ...METHODS])} ${uri} SIP/2.0\r\nrack: 1 1 INVITE\r\n\r\n${body}`,
    );
  }

  /** `plain` in two of three cases. */
  #usually(plain: string, others: readonly string[]): string {
    return this.random.next() < 0.66 ? plain : this.#pick(others);
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random.next() * choices.length)] as T;
  }
}

describe('whatever the order of events', () => {
  it.each([1, 2, 3, 4, 5, 6])('nothing fails inside and nothing is left behind (seed %i)', async (seed) => {
    const faults: unknown[] = [];
    const log: Log = { ...silentLog, error: (fields) => faults.push(fields), child: () => log };
    const scene = await Scene.open({ log });
    const app = await RawApp.open(scene.server.address.port, SECRET);
    for (const method of METHODS) await app.ask(`route|${method.toLowerCase()}`);
    const disorder = new Disorder(scene, app, [await scene.phone(), await scene.phone()], seededRandom(seed));
    for (let step = 0; step < STEPS; step++) {
      disorder.step();
      await app.ask('ping'); // what the step said has been handled
    }
    app.destroy();
    await scene.until('the application is gone', () => scene.server.snapshot().applications.length === 0);
    scene.clock.advance(700_000);
    await new Promise((resolve) => setImmediate(resolve));
    scene.clock.advance(700_000);
    expect(faults).toEqual([]);
    expect(scene.server.snapshot()).toMatchObject({ incoming: 0, outgoing: 0, dialogs: 0 });
    await scene.close();
    expect(scene.clock.pending).toBe(0);
  });
});
