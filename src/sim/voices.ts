// The media side of the agents' phones: speech out every 20 ms, and how evenly speech comes in.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { speechPacket } from './capture.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = 160;
/** Two packets further apart than this are heard as a gap. */
const GAP_MS = 40;

export interface HeardCounts {
  readonly packets: number;
  /** Packets more than 40 ms after the one before. */
  readonly late: number;
  /** Calls in which the agent heard nothing at all. */
  readonly silentCalls: number;
}

export interface AgentVoice {
  readonly port: number;
  start(): void;
}

export interface Voices {
  /** `offer`: SDP that says where to send speech. */
  take(offer: string): AgentVoice;
  giveBack(voice: AgentVoice): void;
  heard(): HeardCounts;
  close(): void;
}

/** Light: one socket takes what little comes for everybody. Full: a socket for each call, used again. */
export async function openVoices(host: string, speaking: boolean): Promise<Voices> {
  return speaking ? new SpeakingVoices(host) : silentVoices(host);
}

async function silentVoices(host: string): Promise<Voices> {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.bind(0, host);
  await once(socket, 'listening');
  const voice: AgentVoice = { port: socket.address().port, start: () => undefined };
  return {
    take: () => voice,
    giveBack: () => undefined,
    heard: () => ({ packets: 0, late: 0, silentCalls: 0 }),
    close: () => socket.close(),
  };
}

class SpeakingVoices implements Voices {
  readonly #free: Voice[] = [];
  readonly #all: Voice[] = [];
  readonly #speaking = new Set<Voice>();
  readonly #heard = { packets: 0, late: 0, silentCalls: 0 };
  readonly #startedMs = performance.now();
  #frame = 0;
  #timer: NodeJS.Timeout;

  constructor(private readonly host: string) {
    this.#timer = setTimeout(() => this.#tick(), FRAME_MS);
  }

  take(offer: string): AgentVoice {
    let voice = this.#free.pop();
    if (voice === undefined) {
      voice = new Voice(this.host, this.#speaking, this.#heard);
      this.#all.push(voice);
    }
    voice.callTo(offer);
    return voice;
  }

  giveBack(voice: AgentVoice): void {
    if (!(voice instanceof Voice)) return;
    voice.stop();
    this.#free.push(voice);
  }

  heard(): HeardCounts {
    return { ...this.#heard };
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const voice of this.#all) voice.close();
  }

  /** Never drifts: the next frame is due at its own time, however late this one was. */
  #tick(): void {
    this.#frame += 1;
    for (const voice of this.#speaking) voice.speak(this.#frame);
    const dueMs = this.#startedMs + (this.#frame + 1) * FRAME_MS;
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, dueMs - performance.now()));
  }
}

class Voice implements AgentVoice {
  readonly port: number;
  readonly #socket: Socket;
  #to = { host: '', port: 0 };
  #heard = 0;
  #lastMs = 0;

  constructor(
    host: string,
    private readonly speaking: Set<Voice>,
    private readonly counts: { packets: number; late: number; silentCalls: number },
  ) {
    this.#socket = createSocket({ type: 'udp4', lookup: (name, _options, found) => found(null, name, 4) });
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', () => this.#hear());
    // Binding to an address needs no look-up, so the port is there at once.
    this.#socket.bind(0, host);
    this.port = this.#socket.address().port;
  }

  callTo(offer: string): void {
    const host = /^c=IN IP4 (\S+)/m.exec(offer)?.[1] ?? '';
    this.#to = { host, port: Number(/^m=audio (\d+)/m.exec(offer)?.[1] ?? 0) };
    this.#heard = 0;
  }

  start(): void {
    this.#lastMs = performance.now();
    this.speaking.add(this);
  }

  stop(): void {
    if (this.speaking.delete(this) && this.#heard === 0) this.counts.silentCalls += 1;
  }

  speak(frame: number): void {
    this.#socket.send(speechPacket(frame, frame * FRAME_SAMPLES), this.#to.port, this.#to.host);
  }

  close(): void {
    this.#socket.close();
  }

  #hear(): void {
    if (!this.speaking.has(this)) return;
    const nowMs = performance.now();
    this.#heard += 1;
    this.counts.packets += 1;
    if (this.#heard > 1 && nowMs - this.#lastMs > GAP_MS) this.counts.late += 1;
    this.#lastMs = nowMs;
  }
}
