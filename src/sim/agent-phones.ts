// The phones of all agents behind one SIP port: each call rings, is answered, talks, and is hung up by the agent.
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Clock, systemClock, type Timer } from '../lib/clock.js';
import type { SipRequest, SipResponse } from '../switch/sip/message/message.js';
import { parseMessage } from '../switch/sip/message/parse.js';
import { makeResponse } from '../switch/sip/message/response.js';
import { serialise } from '../switch/sip/message/serialise.js';
import { EVENT_TYPE } from './capture.js';
import { type AgentVoice, openVoices, type Voices } from './voices.js';

export const AGENT_HOST = '127.0.0.2';
const RING_MS = 200;
const TALK_MS = 3_000;
/** Timer T1 and the time after which a transaction is given up (RFC 3261 §17.1.1.1). */
const T1_MS = 500;
const GIVE_UP_MS = 64 * T1_MS;
/** Ended dialogs still answer what is sent again. */
const LINGER_MS = 10_000;

type State = 'ringing' | 'answered' | 'talking' | 'leaving' | 'over' | 'cancelled';

interface Call {
  readonly invite: SipRequest;
  readonly from: { readonly address: string; readonly port: number };
  readonly tag: string;
  readonly caller: string;
  state: State;
  last: Buffer;
  timer: Timer | undefined;
  voice: AgentVoice | undefined;
}

export interface Rung {
  /** User part of From: the number of the caller who was put through. */
  readonly caller: string;
  readonly atMs: number;
}

export interface AgentCounts {
  readonly rung: number;
  readonly cancelled: number;
  /** Answered, but no ACK or no answer to the BYE. */
  readonly unanswered: number;
  readonly repeatedInvites: number;
}

export class AgentPhones {
  readonly rung: Rung[] = [];
  /** Callers with whom an agent talked to the end. */
  readonly served = new Set<string>();
  readonly #calls = new Map<string, Call>();
  readonly #counts = { cancelled: 0, unanswered: 0, repeatedInvites: 0 };

  private constructor(
    private readonly socket: Socket,
    readonly voices: Voices,
    private readonly clock: Clock,
  ) {
    socket.on('message', (bytes, from) => this.#onMessage(bytes, from));
    // A phone hears of a closed port of the server by its time-outs.
    socket.on('error', () => undefined);
  }

  static async open(speaking: boolean): Promise<AgentPhones> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    socket.bind(0, AGENT_HOST);
    await once(socket, 'listening');
    return new AgentPhones(socket, await openVoices(AGENT_HOST, speaking), systemClock);
  }

  get port(): number {
    return this.socket.address().port;
  }

  counts(): AgentCounts {
    return { ...this.#counts, rung: this.rung.length };
  }

  close(): void {
    for (const call of this.#calls.values()) call.timer?.cancel();
    this.socket.close();
    this.voices.close();
  }

  #onMessage(bytes: Buffer, from: Call['from']): void {
    const parsed = parseMessage(bytes);
    if (!parsed.ok) return;
    const { message, essentials } = parsed;
    const call = this.#calls.get(essentials.callId);
    if (message.kind === 'response') {
      if (call !== undefined && message.status >= 200 && call.state === 'leaving') this.#over(call);
      return;
    }
    if (message.method === 'INVITE') this.#onInvite(message, essentials.callId, from, call);
    else if (call === undefined) {
      if (message.method !== 'ACK') this.#send(makeResponse(message, 481), from);
    } else this.#onRequest(call, message);
  }

  #onInvite(invite: SipRequest, callId: string, from: Call['from'], known: Call | undefined): void {
    if (known !== undefined) {
      this.#counts.repeatedInvites += 1;
      this.socket.send(known.last, from.port, from.address);
      return;
    }
    const caller = /sips?:([^@]*)@/.exec(invite.headers.get('From') ?? '')?.[1] ?? '';
    this.rung.push({ caller, atMs: performance.timeOrigin + performance.now() });
    const tag = randomBytes(6).toString('hex');
    const last = Buffer.alloc(0);
    const call: Call = { invite, from, tag, caller, state: 'ringing', last, timer: undefined, voice: undefined };
    this.#calls.set(callId, call);
    this.#respond(call, 180);
    call.timer = this.clock.after(RING_MS, () => this.#answer(call));
  }

  #answer(call: Call): void {
    call.state = 'answered';
    call.voice = this.voices.take(call.invite.body.toString('latin1'));
    this.#respond(call, 200, Buffer.from(answerOf(call.voice.port)));
    this.#repeat(call);
  }

  #onRequest(call: Call, request: SipRequest): void {
    switch (request.method) {
      case 'ACK':
        if (call.state !== 'answered') return;
        call.timer?.cancel();
        call.state = 'talking';
        call.voice?.start();
        call.timer = this.clock.after(TALK_MS, () => this.#leave(call));
        return;
      case 'CANCEL':
        this.#send(makeResponse(request, 200, { toTag: call.tag }), call.from);
        if (call.state !== 'ringing') return;
        this.#counts.cancelled += 1;
        this.#respond(call, 487);
        this.#over(call, 'cancelled');
        return;
      case 'BYE':
        this.#send(makeResponse(request, 200), call.from);
        this.#over(call);
        return;
      default:
        this.#send(makeResponse(request, 200), call.from);
    }
  }

  #leave(call: Call): void {
    this.served.add(call.caller);
    call.state = 'leaving';
    call.last = Buffer.from(this.#bye(call));
    this.#transmit(call);
    this.#repeat(call);
  }

  /** Sends the last message again until the state changes (RFC 3261 §17.1.2.2, §13.3.1.4). */
  #repeat(call: Call, pauseMs = T1_MS, sinceMs = 0): void {
    const before = call.state;
    call.timer = this.clock.after(pauseMs, () => {
      if (call.state !== before) return;
      if (sinceMs + pauseMs >= GIVE_UP_MS) {
        this.#counts.unanswered += 1;
        this.#over(call);
        return;
      }
      this.#transmit(call);
      this.#repeat(call, Math.min(pauseMs * 2, 8 * T1_MS), sinceMs + pauseMs);
    });
  }

  #over(call: Call, state: State = 'over'): void {
    call.timer?.cancel();
    call.state = state;
    if (call.voice !== undefined) this.voices.giveBack(call.voice);
    call.voice = undefined;
    const callId = call.invite.headers.get('Call-ID') ?? '';
    call.timer = this.clock.after(LINGER_MS, () => this.#calls.delete(callId));
  }

  #bye({ invite, tag }: Call): string {
    const { headers } = invite;
    const target = /<([^>]+)>/.exec(headers.get('Contact') ?? '')?.[1] ?? headers.get('Contact');
    const routes = headers.all('Record-Route').map((route) => `Route: ${route}\r\n`);
    const via = `SIP/2.0/UDP ${AGENT_HOST}:${this.port};branch=z9hG4bK${randomBytes(8).toString('hex')}`;
    return (
      `BYE ${target} SIP/2.0\r\nVia: ${via}\r\n${routes.join('')}From: ${headers.get('To')};tag=${tag}\r\n` +
      `To: ${headers.get('From')}\r\nCall-ID: ${headers.get('Call-ID')}\r\nCSeq: 1 BYE\r\n` +
      'Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n'
    );
  }

  #respond(call: Call, status: number, body?: Buffer): void {
    const headers: [string, string][] = [['Contact', `<sip:agent@${AGENT_HOST}:${this.port}>`]];
    if (body !== undefined) headers.push(['Content-Type', 'application/sdp']);
    const options = { toTag: call.tag, headers, ...(body === undefined ? {} : { body }) };
    call.last = serialise(makeResponse(call.invite, status, options));
    this.#transmit(call);
  }

  #transmit({ last, from }: Call): void {
    this.socket.send(last, from.port, from.address);
  }

  #send(response: SipResponse, to: Call['from']): void {
    this.socket.send(serialise(response), to.port, to.address);
  }
}

function answerOf(rtpPort: number): string {
  return [
    'v=0',
    `o=agent 1 1 IN IP4 ${AGENT_HOST}`,
    's=-',
    `c=IN IP4 ${AGENT_HOST}`,
    't=0 0',
    `m=audio ${rtpPort} RTP/AVP 0 ${EVENT_TYPE}`,
    'a=rtpmap:0 PCMU/8000',
    `a=rtpmap:${EVENT_TYPE} telephone-event/8000`,
    '',
  ].join('\r\n');
}
