// The bytes of the event socket, in every portion and at every limit.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SwitchEvent } from '../../../src/switch/channel/event.js';
import {
  apiResponse,
  BODY_BYTES_MAX,
  type ClientCommand,
  CommandDecoder,
  channelDataReply,
  commandReply,
  disconnectNotice,
  eventMessage,
  HEAD_BYTES_MAX,
  headerOf,
  WireError,
} from '../../../src/switch/control/event-socket/wire.js';

function decodeAll(...chunks: (string | Buffer)[]): ClientCommand[] {
  const decoder = new CommandDecoder();
  return chunks.flatMap((chunk) => decoder.feed(Buffer.from(chunk)));
}

const SENDMSG = `sendmsg u-1
execute-app-name: playback
execute-app-arg: {a=b}/x y.wav
call-command: execute
Event-UUID: e-1

`;

describe('commands', () => {
  test('come as modesl writes them, a line at a time', () => {
    const lines = SENDMSG.split('\n').map((line) => `${line}\n`);
    const [command] = decodeAll('api sofia status\n', '\n', ...lines).slice(1);
    expect(command?.line).toBe('sendmsg u-1');
    expect(headerOf(command?.headers ?? [], 'execute-app-arg')).toBe('{a=b}/x y.wav');
    expect(headerOf(command?.headers ?? [], 'event-uuid')).toBe('e-1');
  });

  test.each([
    ['several in one portion', 'auth x\n\nevent json ALL\n\nexit\n\n'],
    ['CRLF', 'auth x\r\n\r\nevent json ALL\r\n\r\nexit\r\n\r\n'],
    ['empty lines before and between', '\n\nauth x\n\n\n\r\nevent json ALL\n\n\n\n\nexit\n\n'],
  ])('are told apart: %s', (_, text) => {
    expect(decodeAll(text).map((command) => command.line)).toEqual(['auth x', 'event json ALL', 'exit']);
  });

  test('may have an empty argument and a body', () => {
    const [hangup, event] = decodeAll(
      'sendmsg u\nexecute-app-name: hangup\nexecute-app-arg: \n\nsendevent FOO\ncontent-length: 7\n\nab\n\ncñexit',
    );
    expect(headerOf(hangup?.headers ?? [], 'execute-app-arg')).toBe('');
    expect(event?.body).toBe('ab\n\ncñ');
  });

  test('are the same in any portions', () => {
    const bytes = Buffer.from(`${SENDMSG}sendevent X\nContent-Length: 5\n\nabcde${SENDMSG}noevents\n\n`);
    const whole = decodeAll(bytes);
    expect(whole).toHaveLength(4);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const decoder = new CommandDecoder();
        const commands: ClientCommand[] = [];
        for (let [at, turn] = [0, 0]; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          commands.push(...decoder.feed(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(commands).toEqual(whole);
      }),
    );
  });

  test.each([
    ['a head without end', 'x'.repeat(HEAD_BYTES_MAX + 1)],
    ['a head too long', `api ${'x'.repeat(HEAD_BYTES_MAX)}\n\n`],
    ['a body too long', `sendevent X\nContent-Length: ${BODY_BYTES_MAX + 1}\n\n`],
    ['a length that is no number', 'sendevent X\nContent-Length: -1\n\n'],
  ])('end the connection: %s', (_, text) => {
    expect(() => decodeAll(text)).toThrow(WireError);
  });

  test('may have the largest body, byte by byte, at the cost of its length', () => {
    const decoder = new CommandDecoder();
    const byte = Buffer.from('x');
    expect(decoder.feed(Buffer.from(`sendevent X\nContent-Length: ${BODY_BYTES_MAX}\n\n`))).toEqual([]);
    for (let sent = 1; sent < BODY_BYTES_MAX; sent++) decoder.feed(byte);
    const [command] = decoder.feed(Buffer.from('yapi status\n\n'));
    expect([command?.body.length, command?.body.slice(-2)]).toEqual([BODY_BYTES_MAX, 'xy']);
    expect(decoder.feed(Buffer.from('\n'))).toEqual([]);
  });

  test('never throw anything else', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
        const decoder = new CommandDecoder();
        for (const chunk of chunks) decoder.feed(Buffer.from(chunk));
      }),
    );
  });
});

describe('messages', () => {
  test('a reply is one header block without bare percent signs or line breaks', () => {
    expect(commandReply('+OK accepted')).toBe('Content-Type: command/reply\nReply-Text: +OK accepted\n\n');
    expect(commandReply('+OK 50% off\n\nx')).toBe('Content-Type: command/reply\nReply-Text: +OK 50%25 off  x\n\n');
  });

  test('an api response counts bytes and is never empty', () => {
    expect(apiResponse('+OK ñ\n')).toBe('Content-Type: api/response\nContent-Length: 7\n\n+OK ñ\n');
    expect(apiResponse('')).toBe('Content-Type: api/response\nContent-Length: 14\n\n-ERR no reply\n');
  });

  test('an event is JSON or percent-encoded lines, its own body inside', () => {
    const event = new SwitchEvent({ 'Event-Name': 'X', Odd: 'a: 100% ñ\n' }, 'bodý');
    const json = eventMessage(event, 'json');
    expect(json).toMatch(/^Content-Length: \d+\nContent-Type: text\/event-json\n\n/);
    const body = json.slice(json.indexOf('\n\n') + 2);
    expect(Number(/\d+/.exec(json)?.[0])).toBe(Buffer.byteLength(body));
    expect(JSON.parse(body)).toEqual({ 'Event-Name': 'X', Odd: 'a: 100% ñ\n', 'Content-Length': '5', _body: 'bodý' });
    expect(eventMessage(event, 'plain')).toContain(
      'Event-Name: X\nOdd: a%3A%20100%25%20%C3%B1%0A\nContent-Length: 5\n\nbodý',
    );
  });

  test('channel data is encoded, has no length, and survives half a character', () => {
    const text = channelDataReply({ 'Event-Name': 'CHANNEL_DATA', variable_x: '', variable_y: '100% \ud800' });
    expect(text).toContain('variable_x: _undef_\nvariable_y: 100%25%20%EF%BF%BD\n');
    expect(text).toContain('Content-Type: command/reply\nReply-Text: %2BOK%0A\nSocket-Mode: async\nControl: full\n\n');
    expect(text).not.toContain('Content-Length');
    for (const line of text.trim().split('\n')) expect(() => decodeURIComponent(line)).not.toThrow();
  });

  test('the notice is the one FreeSWITCH sends', () => {
    expect(disconnectNotice('u-1')).toBe(
      'Content-Type: text/disconnect-notice\nControlled-Session-UUID: u-1\nContent-Disposition: disconnect\n' +
        'Content-Length: 67\n\nDisconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n',
    );
  });
});
