// Talks with bots: one session per talk, each turn to where the bot is, and the transcript into the record.
import type { Answer, Ask } from '../../core/ivr/ask.js';
import { type BotInput, readReply } from '../../core/ivr/bot/bot-contract.js';
import { answerByRules } from '../../core/ivr/bot/rule-bot.js';
import type { Ids } from '../../lib/ids.js';
import type { Call } from '../call/call.js';
import type { Inbox } from '../writing/inbox.js';
import type { Writing } from '../writing/writing.js';
import type { WebClient, WebResult, WebTalk } from './ports.js';
import type { Requests } from './requests.js';

export interface BotsPorts {
  readonly web: WebClient;
  readonly requests: Requests;
  readonly writing: Writing;
  readonly ids: Ids;
}

interface Talk {
  /** Told to the bot with each turn. */
  readonly session: string;
  /** Absent when the caller's phone has no text. */
  readonly inbox: Inbox | undefined;
  socket: WebTalk | undefined;
  /** The caller's end no longer matters to it. */
  readonly forget: () => void;
}

type BotAsk = Ask & { kind: 'bot' };
type BotAnswer = Answer & { kind: 'bot' };

export class Bots {
  readonly #ports: BotsPorts;
  /** By segment of the call. */
  readonly #talks = new Map<string, Talk>();

  constructor(ports: BotsPorts) {
    this.#ports = ports;
  }

  /** Talks of this node that are going on. */
  get live(): number {
    return this.#talks.size;
  }

  /** Never rejects: what goes wrong is an answer. */
  async turn(call: Call, ask: BotAsk): Promise<BotAnswer> {
    const talk = this.#talkOf(call, ask);
    const answer = await this.#answer(call, ask, talk);
    const { said, asked } = told(answer);
    const { turn } = ask.turn;
    const data = { segment: call.segment, turn, heard: heard(ask.turn), said, ...(asked === '' ? {} : { asked }) };
    call.thread.note({ type: 'bot-turn', data });
    return answer;
  }

  inboxOf(call: Call): Inbox | undefined {
    return this.#talks.get(call.segment)?.inbox;
  }

  /** The flow has gone on, or the call is over. Safe to call when there was no talk. */
  over({ segment, thread }: Pick<Call, 'segment' | 'thread'>): void {
    const talk = this.#talks.get(segment);
    if (talk === undefined) return;
    this.#talks.delete(segment);
    talk.forget();
    talk.socket?.close();
    if (talk.inbox !== undefined) this.#ports.writing.closeInbox(thread.id);
  }

  #talkOf(call: Call, { turn }: BotAsk): Talk {
    const known = this.#talks.get(call.segment);
    if (known !== undefined && turn.event !== 'start') return known;
    this.over(call);
    const { ids, writing } = this.#ports;
    const { ended } = call.leg;
    // A turn under way is given up with the call.
    const gone = (): void => this.over(call);
    ended.addEventListener('abort', gone, { once: true });
    const forget = (): void => ended.removeEventListener('abort', gone);
    const talk: Talk = { session: ids.uuid(), inbox: writing.openInbox(call), socket: undefined, forget };
    this.#talks.set(call.segment, talk);
    return talk;
  }

  async #answer(call: Call, { bot, turn, timeOutMs }: BotAsk, talk: Talk): Promise<BotAnswer> {
    if (bot.via === 'rules') return { kind: 'bot', outcome: 'answered', reply: answerByRules(bot.rules, turn) };
    const message = { session: talk.session, ...turn };
    const result =
      bot.via === 'http'
        ? await this.#post(call, bot.request, message, timeOutMs)
        : await this.#overSocket(call, bot.request, message, timeOutMs, talk);
    if (result.outcome === 'failed') return { kind: 'bot', outcome: 'failed', reason: result.reason };
    const statusClass = `${Math.floor(result.status / 100)}xx`;
    if (statusClass !== '2xx') return { kind: 'bot', outcome: 'failed', reason: statusClass };
    return { kind: 'bot', outcome: 'answered', reply: result.body };
  }

  async #post(
    call: Call,
    request: Extract<BotAsk['bot'], { via: 'http' }>['request'],
    message: object,
    timeOutMs: number,
  ): Promise<WebResult> {
    const body = JSON.stringify(message);
    const options = { timeOutMs, retries: 0, signal: call.leg.ended };
    return (await this.#ports.requests.ask({ ...request, body }, options)).result;
  }

  async #overSocket(
    call: Call,
    request: Extract<BotAsk['bot'], { via: 'websocket' }>['request'],
    message: object,
    timeOutMs: number,
    talk: Talk,
  ): Promise<WebResult> {
    const { requests, web } = this.#ports;
    const host = requests.hostOf(request);
    if (host === undefined) return { outcome: 'failed', reason: 'host-not-allowed' };
    talk.socket ??= web.talk(request, host);
    const { socket } = talk;
    const result = await requests.guarded(host, () => socket.ask(message, timeOutMs), call.leg.ended);
    return result === 'circuit-open' ? { outcome: 'failed', reason: 'circuit-open' } : result;
  }
}

/** For the transcript. A single key is named, as in menus; more of them may be a number that is nobody's business. */
function heard(input: BotInput): string {
  switch (input.event) {
    case 'start':
      return '';
    case 'silence':
      return '…';
    case 'text':
      return input.text;
    case 'digits':
      return input.digits.length === 1 ? input.digits : '•'.repeat(input.digits.length);
  }
}

function told(answer: BotAnswer): { readonly said: string; readonly asked: string } {
  if (answer.outcome === 'failed') return { said: '', asked: `failed:${answer.reason}` };
  const reply = readReply(answer.reply);
  if (reply === undefined) return { said: '', asked: 'failed:bad-reply' };
  const { step, queue, hangup, set } = reply.action ?? {};
  const asked = [
    ...(step === undefined ? [] : [`step:${step}`]),
    ...(queue === undefined ? [] : [`queue:${queue}`]),
    ...(hangup === undefined ? [] : ['hangup']),
    ...(set === undefined ? [] : [`set:${Object.keys(set).join(',')}`]),
    ...(reply.done ? ['done'] : []),
  ];
  return { said: reply.say, asked: asked.join(' ') };
}
