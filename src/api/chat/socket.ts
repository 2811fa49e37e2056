// The WebSocket of a visitor's page: told its lines and how it stands; the page says how far it has come, and nothing else.
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { ChatLook } from '../../app/chat/chat-door.js';
import type { ChatState } from '../../app/chat/chat-matters.js';
import type { ChatLine } from '../../app/chat/chat-store.js';
import { HiloError } from '../../app/errors.js';
import { chatHello, chatSeen, type WireChatLine, type WireChatNews } from '../../contract/chat/chat.js';
import { CHAT_BEAT_MS, CHAT_CLOSE, CHAT_LIVE_PATH } from '../../contract/chat/link.js';
import type { Timer } from '../../lib/clock.js';
import { checkOwnPage, rule } from '../access.js';
import type { Api } from '../api.js';
import type { ApiLimits } from '../limits.js';
import { iso } from '../view/time.js';
import { openingView } from './routes.js';
import { type Chat, type ChatServices, chatOf, tags } from './services.js';

/** Not read yet by the page; beyond it somebody sleeps, and begins anew when awake. */
export const MAX_UNREAD_BYTES = 256 * 1024;
/** For the page to say who it is. */
export const HELLO_MS = 5_000;
/** What a page says within {@link CHAT_BEAT_MS}: it says how far it has come, some times a second at most. */
export const SAID_PER_BEAT = 100;
const SILENT_BEATS = 3;

export function chatSocketRoute(api: Api, services: ChatServices, limits: ApiLimits): void {
  const perAddress = new Map<string, number>();
  api.get(
    CHAT_LIVE_PATH,
    {
      websocket: true,
      ...rule(
        'open',
        {
          tags,
          summary: 'What a visitor is told, as it happens (WebSocket)',
          description:
            'The page first says `{"token": …, "after": …}`, then is told all lines after that one, and how it stands; see ' +
            '`ChatNews`. It says `{"got": n}` and `{"read": n}` for what it has and what was shown.',
        },
        ['not-found', 'not-allowed', 'too-many-requests'],
      ),
      preHandler: async (request: FastifyRequest) => {
        chatOf(services);
        checkOwnPage(request);
        if ((perAddress.get(request.ip) ?? 0) >= limits.chatSockets) {
          throw new HiloError('too-many-requests', 'too many pages of the chat are open');
        }
      },
    },
    (socket, { ip }) => {
      perAddress.set(ip, (perAddress.get(ip) ?? 0) + 1);
      socket.on('close', () => {
        const left = (perAddress.get(ip) ?? 1) - 1;
        if (left === 0) perAddress.delete(ip);
        else perAddress.set(ip, left);
      });
      new VisitorSocket(socket, chatOf(services), services).begin();
    },
  );
}

class VisitorSocket {
  #said = 0;
  #silentBeats = 0;
  #look: ChatLook | 'none' | 'opening' = 'none';
  #unwatch: (() => void) | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly chat: Chat,
    private readonly services: ChatServices,
  ) {}

  begin(): void {
    const { socket, services } = this;
    this.#timer = services.clock.after(HELLO_MS, () => socket.close(CHAT_CLOSE.policy, 'say who you are'));
    socket.on('message', (data) => this.#heard(String(data)));
    socket.on('pong', () => {
      this.#silentBeats = 0;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#end());
  }

  #heard(text: string): void {
    this.#said += 1;
    if (this.#said > SAID_PER_BEAT) {
      this.socket.close(CHAT_CLOSE.policy, 'too much is said');
      return;
    }
    if (this.#look === 'none') this.#hello(text);
    else if (this.#look !== 'opening') this.#seen(this.#look, text);
  }

  #hello(text: string): void {
    const hello = chatHello.safeParse(jsonOf(text)).data;
    if (hello === undefined) {
      this.socket.close(CHAT_CLOSE.policy, 'say who you are');
      return;
    }
    this.#look = 'opening';
    this.#open(hello).catch((error: unknown) => {
      const code = error instanceof HiloError ? error.code : 'internal-error';
      const isUnknown = code === 'not-found' || code === 'invalid-input';
      const close = isUnknown ? CHAT_CLOSE.unknown : code === 'too-many-requests' ? CHAT_CLOSE.busy : CHAT_CLOSE.away;
      if (close === CHAT_CLOSE.away) this.services.log.warn({ err: error }, 'a page of the chat is not served');
      this.socket.close(close, code);
    });
  }

  async #open({ token, after }: { readonly token: string; readonly after: number }): Promise<void> {
    const { door, matters } = this.chat;
    const look = await door.look(token, after, {
      lines: (lines) => this.#send({ type: 'lines', lines: lines.map(lineView) }),
      broken: () => this.socket.close(CHAT_CLOSE.away, 'come again'),
    });
    if (this.#closed) {
      look.stop();
      return;
    }
    this.#look = look;
    this.#unwatch = matters.watch(door.addressOf(token), (state) => this.#state(state));
    this.#timer?.cancel();
    this.#timer = this.services.clock.after(CHAT_BEAT_MS, () => this.#beat(look));
  }

  #seen(look: ChatLook, text: string): void {
    const seen = chatSeen.safeParse(jsonOf(text)).data;
    if (seen === undefined) {
      this.socket.close(CHAT_CLOSE.policy, 'not understood');
      return;
    }
    const told = 'got' in seen ? look.seen(seen.got, 'delivered') : look.seen(seen.read, 'read');
    // It says so again with the next line, or when it comes back.
    told.catch((error: unknown) =>
      this.services.log.warn({ err: error }, 'how far a page of the chat is, is not known'),
    );
  }

  #state({ talk, callBack }: ChatState): void {
    const opening = openingView(this.chat.matters.opening());
    const promised = callBack && { callBack: { number: callBack.number, dueAt: iso(callBack.dueAtMs) } };
    this.#send({ type: 'state', talk: { ...talk }, opening, ...promised });
  }

  #beat(look: ChatLook): void {
    this.#silentBeats += 1;
    this.#said = 0;
    if (this.#silentBeats > SILENT_BEATS) {
      this.socket.terminate();
      return;
    }
    this.socket.ping();
    this.#send({ type: 'beat' });
    // What another node said of a new line may be lost.
    look.refresh();
    this.#timer = this.services.clock.after(CHAT_BEAT_MS, () => this.#beat(look));
  }

  #send(news: WireChatNews): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    // A reader that sleeps does not answer a closing either.
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
    else socket.send(JSON.stringify(news));
  }

  #end(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#unwatch?.();
    if (typeof this.#look === 'object') this.#look.stop();
  }
}

function lineView({ number, id, direction, text, file, atMs }: ChatLine): WireChatLine {
  const by = direction === 'in' ? 'visitor' : 'centre';
  return { number, id, by, text, at: iso(atMs), ...(file === undefined ? {} : { file: { ...file } }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said as: not understood.
    return undefined;
  }
}
