// Owns one connection of an event-socket client: authentication, its commands in order, its events.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Timer } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { causeOf } from '../../channel/applications/signalling.js';
import type { Channel } from '../../channel/channel.js';
import { channelData } from '../../channel/channel-data.js';
import { type ApiCommands, runCommand, type Switchboard } from '../../channel/command/command.js';
import { type EventHeaders, SwitchEvent } from '../../channel/event.js';
import type { EventBus, Subscriber } from '../../channel/event-bus.js';
import { Subscription } from './subscription.js';
import {
  AUTH_REQUEST,
  apiResponse,
  type ClientCommand,
  CommandDecoder,
  channelDataReply,
  commandReply,
  disconnectNotice,
  eventMessage,
  headerOf,
  WireError,
} from './wire.js';

/** Time for `auth`, and for the first command on a socket we dialled (FreeSWITCH waits 25 s). */
export const FIRST_COMMAND_LIMIT_MS = 25_000;
/** Commands read but not yet answered. */
export const PENDING_COMMANDS_MAX = 1_000;
/** Bytes a client may leave unread before it is cut off. */
export const UNREAD_BYTES_MAX = 16 * 1_048_576;
export const BACKGROUND_JOBS_MAX = 100;
export const LINGER_SECONDS_MAX = 60;
const CLOSE_LIMIT_MS = 2_000;
/** Longest run of the same command asked for with `loops`. */
export const LOOPS_MAX = 100;

export interface EventSocketPorts {
  readonly board: Switchboard;
  readonly bus: EventBus;
  readonly commands: ApiCommands;
  readonly log: Log;
  heartbeat(): SwitchEvent;
}

/** Who dialled: a client (it must authenticate), or we did, for one channel. */
export type Role =
  | { readonly kind: 'inbound'; readonly secret: string }
  | { readonly kind: 'outbound'; readonly channel: Channel };

type State = 'greeting' | 'open' | 'closed';

export class Connection implements Subscriber {
  readonly #socket: Socket;
  readonly #role: Role;
  readonly #ports: EventSocketPorts;
  readonly #log: Log;
  readonly #decoder = new CommandDecoder();
  readonly #subscription = new Subscription();
  readonly #pending: ClientCommand[] = [];
  #state: State = 'greeting';
  #answering = false;
  #jobs = 0;
  #lingerSeconds: number | undefined;
  #unsent = '';
  #timer: Timer;

  constructor(socket: Socket, role: Role, ports: EventSocketPorts) {
    this.#socket = socket;
    this.#role = role;
    this.#ports = ports;
    this.#log = ports.log.child(
      role.kind === 'outbound' ? { channel: role.channel.id } : { client: socket.remoteAddress },
    );
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#log.debug({ err: error }, 'event socket failed'));
    socket.on('close', () => this.#closed());
    this.#timer = this.#after(FIRST_COMMAND_LIMIT_MS, () => this.#close('no command in time'));
    if (role.kind === 'inbound') this.#send(AUTH_REQUEST);
    else role.channel.onOver(() => this.#channelOver(role.channel));
  }

  subscribes(name: string, subclass: string | undefined): boolean {
    return this.#subscription.subscribes(name, subclass);
  }

  hear(event: SwitchEvent): void {
    if (this.#subscription.passes(event.headers)) this.#send(eventMessage(event, this.#subscription.format));
  }

  /** Says goodbye and closes. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#send(disconnectNotice(this.#role.kind === 'outbound' ? this.#role.channel.id : undefined));
    this.#close('switch is closing');
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'closed') return;
    try {
      this.#pending.push(...this.#decoder.feed(chunk));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#close(error.message);
      return;
    }
    if (this.#pending.length > PENDING_COMMANDS_MAX) this.#close('too many commands at once');
    else this.#answerPending();
  }

  /** Exactly one reply per command, in the order of the commands (compatibility C1). */
  #answerPending(): void {
    while (!this.#answering && this.#state !== 'closed') {
      const command = this.#pending.shift();
      if (!command) return;
      const reply = this.#answer(command);
      if (typeof reply === 'string') {
        this.#send(reply);
        continue;
      }
      this.#answering = true;
      void reply.then((text) => {
        this.#answering = false;
        this.#send(text);
        this.#answerPending();
      });
    }
  }

  /** The reply; what must come after it on the wire is done in a microtask. */
  #answer(command: ClientCommand): string | Promise<string> {
    const [word = '', ...words] = command.line.split(/\s+/);
    const name = word.toLowerCase();
    if (name === 'exit') return this.#exit();
    if (this.#state === 'greeting') {
      if (this.#role.kind === 'inbound') return name === 'auth' ? this.#authenticate(words) : NOT_FOUND;
      this.#open();
    }
    switch (name) {
      case 'connect':
        return this.#role.kind === 'outbound' ? channelDataReply(channelData(this.#role.channel)) : NOT_FOUND;
      case 'event':
        return this.#subscribe(words);
      case 'nixevent':
        this.#subscription.remove(words);
        return commandReply('+OK events nixed');
      case 'noevents':
        this.#subscription.clear();
        this.#ports.bus.remove(this);
        return commandReply('+OK no longer listening for events');
      case 'myevents':
        return this.#subscribeOwn(words);
      case 'filter':
        return this.#filter(words);
      case 'linger':
      case 'nolinger':
        return this.#linger(name === 'linger' ? words[0] : undefined, name === 'linger');
      case 'api':
        return this.#api(command.line);
      case 'bgapi':
        return this.#background(command);
      case 'sendmsg':
        return this.#sendMessage(words[0], command);
      case 'sendevent':
        return this.#sendEvent(words[0], command);
      default:
        return NOT_FOUND;
    }
  }

  #authenticate([secret = '']: readonly string[]): string {
    if (this.#role.kind === 'inbound' && sameText(secret, this.#role.secret)) {
      this.#open();
      return commandReply('+OK accepted');
    }
    this.#log.warn({}, 'event socket: wrong secret');
    queueMicrotask(() => this.#close('wrong secret'));
    return commandReply('-ERR invalid');
  }

  #open(): void {
    this.#state = 'open';
    this.#timer.cancel();
  }

  #exit(): string {
    queueMicrotask(() => {
      this.#send(disconnectNotice());
      this.#close('exit');
    });
    return commandReply('+OK bye');
  }

  #subscribe(words: readonly string[]): string {
    const format = words[0]?.toLowerCase();
    if (format === 'xml') return commandReply('-ERR xml is not supported');
    const named = format === 'json' || format === 'plain';
    if (!this.#subscription.add(named ? words.slice(1) : words)) return commandReply('-ERR no keywords supplied');
    this.#subscription.format = format === 'json' ? 'json' : 'plain';
    this.#place();
    // A client learns the limits from the first heartbeat; it should not wait 20 s for it (compatibility C2).
    if (words.some((word) => word.toUpperCase() === 'HEARTBEAT')) {
      queueMicrotask(() => this.hear(this.#ports.heartbeat()));
    }
    return commandReply(`+OK event listener enabled ${this.#subscription.format}`);
  }

  #subscribeOwn(words: readonly string[]): string {
    if (this.#role.kind !== 'outbound') return commandReply('-ERR invalid uuid');
    this.#subscription.add(['ALL']);
    this.#subscription.addFilter('Unique-ID', this.#role.channel.id);
    this.#subscription.format = words[0]?.toLowerCase() === 'json' ? 'json' : 'plain';
    this.#place();
    return commandReply('+OK Events Enabled');
  }

  #filter(words: readonly string[]): string {
    if (words[0]?.toLowerCase() === 'delete') {
      const [, header, ...value] = words;
      if (header === undefined) return commandReply('-ERR invalid syntax');
      const text = value.length > 0 ? value.join(' ') : undefined;
      this.#subscription.removeFilter(header, text);
      this.#place();
      return commandReply(`+OK filter deleted. [${header}][${text ?? ''}]`);
    }
    const [header, ...value] = words;
    if (header === undefined || value.length === 0) return commandReply('-ERR invalid syntax');
    if (!this.#subscription.addFilter(header, value.join(' '))) return commandReply('-ERR filter not accepted');
    this.#place();
    return commandReply(`+OK filter added. [${header}]=[${value.join(' ')}]`);
  }

  #place(): void {
    if (!this.#subscription.empty) this.#ports.bus.place(this, this.#subscription.channels);
  }

  #linger(seconds: string | undefined, on: boolean): string {
    if (!on) {
      this.#lingerSeconds = undefined;
      return commandReply('+OK will not linger');
    }
    const asked = Number(seconds);
    this.#lingerSeconds = Math.min(asked > 0 ? asked : LINGER_SECONDS_MAX, LINGER_SECONDS_MAX);
    return commandReply(asked > 0 ? `+OK will linger ${this.#lingerSeconds} seconds` : '+OK will linger');
  }

  #api(line: string): string | Promise<string> {
    const { commands, board } = this.#ports;
    const reply = runCommand(commands, line.replace(/^\S+\s*/, ''), board);
    return typeof reply === 'string' ? apiResponse(reply) : reply.then(apiResponse);
  }

  #background(command: ClientCommand): string {
    const { commands, board, bus } = this.#ports;
    if (this.#jobs >= BACKGROUND_JOBS_MAX) return commandReply('-ERR too many jobs');
    const id = headerOf(command.headers, 'job-uuid') ?? board.ids.uuid();
    const text = command.line.replace(/^\S+\s*/, '');
    const [name = ''] = text.split(/\s+/);
    this.#jobs++;
    const run = Promise.resolve().then(() => runCommand(commands, text, board));
    void run.then((body) => {
      this.#jobs--;
      const about = { 'Job-UUID': id, 'Job-Command': name, 'Job-Command-Arg': text.slice(name.length).trim() };
      const build = (): SwitchEvent => new SwitchEvent({ ...board.core.head('BACKGROUND_JOB'), ...about }, body);
      bus.publish({ name: 'BACKGROUND_JOB' }, build);
    });
    return commandReply(`+OK Job-UUID: ${id}`, { 'Job-UUID': id });
  }

  #sendMessage(id: string | undefined, command: ClientCommand): string {
    const own = this.#role.kind === 'outbound' ? this.#role.channel : undefined;
    const channel = id === undefined || id === own?.id ? own : this.#ports.board.channels.get(id);
    if (!channel) return commandReply(`-ERR invalid session id [${id ?? ''}]`);
    const read = (name: string): string | undefined => headerOf(command.headers, name);
    const call = read('call-command')?.toLowerCase();
    if (call === 'hangup') queueMicrotask(() => channel.hangup(causeOf(read('hangup-cause') ?? '')));
    else if (call === 'execute') queueMicrotask(() => this.#execute(channel, command, read));
    else return commandReply('-ERR unknown call-command');
    return commandReply('+OK');
  }

  #execute(channel: Channel, command: ClientCommand, read: (name: string) => string | undefined): void {
    const execution = {
      application: read('execute-app-name') ?? '',
      argument: read('execute-app-arg') ?? command.body,
      id: read('event-uuid') ?? this.#ports.board.ids.uuid(),
      locked: read('event-lock') === 'true',
    };
    const loops = Math.min(Math.max(1, Number(read('loops')) || 1), LOOPS_MAX);
    for (let loop = 0; loop < loops; loop++) channel.execute(execution);
  }

  /** Other clients hear it as it is, under our Core-UUID. */
  #sendEvent(name: string | undefined, { headers, body }: ClientCommand): string {
    const { board, bus } = this.#ports;
    if (name === undefined) return commandReply('-ERR invalid event');
    const id = headerOf(headers, 'event-uuid') ?? board.ids.uuid();
    const subclass = headerOf(headers, 'event-subclass');
    const channelId = headerOf(headers, 'unique-id');
    const given = headers.filter(([header]) => !/^(content-length|event-name|core-uuid)$/i.test(header));
    const about: EventHeaders = { ...Object.fromEntries(given), 'Event-UUID': id };
    const build = (): SwitchEvent =>
      new SwitchEvent({ ...board.core.head(name.toUpperCase(), subclass), ...about }, body === '' ? undefined : body);
    const optional = {
      ...(subclass === undefined ? {} : { subclass }),
      ...(channelId === undefined ? {} : { channelId }),
    };
    queueMicrotask(() => bus.publish({ name: name.toUpperCase(), ...optional }, build));
    return commandReply(`+OK ${id}`);
  }

  #channelOver(channel: Channel): void {
    if (this.#state === 'closed') return;
    this.#send(disconnectNotice(channel.id, this.#lingerSeconds));
    if (this.#lingerSeconds === undefined) this.#close('channel is over');
    else {
      this.#timer.cancel();
      this.#timer = this.#after(this.#lingerSeconds * 1_000, () => this.#close('lingered'));
    }
  }

  /** What one turn of the event loop says goes out in one write: a call's end alone is five messages. */
  #send(text: string): void {
    if (this.#state === 'closed') return;
    if (this.#unsent === '') setImmediate(() => this.#flush());
    this.#unsent += text;
  }

  #flush(): void {
    const text = this.#unsent;
    this.#unsent = '';
    if (text === '' || !this.#socket.writable) return;
    if (this.#socket.writableLength > UNREAD_BYTES_MAX) {
      this.#log.warn({ unread: this.#socket.writableLength }, 'event socket client does not read: cut off');
      this.#socket.destroy();
    } else this.#socket.write(text);
  }

  /** Flushes, sends FIN, and cuts a client that does not close in turn. */
  #close(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#log.debug({ reason }, 'event socket closes');
    this.#ports.bus.remove(this);
    this.#timer.cancel();
    this.#flush();
    this.#socket.end();
    this.#timer = this.#after(CLOSE_LIMIT_MS, () => this.#socket.destroy());
  }

  #closed(): void {
    this.#state = 'closed';
    this.#pending.length = 0;
    this.#ports.bus.remove(this);
    this.#timer.cancel();
  }

  #after(ms: number, action: () => void): Timer {
    return this.#ports.board.core.clock.after(ms, action);
  }
}

const NOT_FOUND = commandReply('-ERR command not found');

/** Equal in constant time; the lengths do not show either. */
function sameText(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
