import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appHeader } from '../../../src/switch/control/drachtio/app-message.js';
import { MAX_TAG_CHARACTERS, MAX_TAGS, parseCommand } from '../../../src/switch/control/drachtio/command.js';
import { MAX_TARGETS } from '../../../src/switch/sip/proxy/forwarded-request.js';

const parse = (text: string) => parseCommand(Buffer.from(text));

describe('what an application says', () => {
  it.each([
    ['a|authenticate|cymru|', { kind: 'authenticate', id: 'a', secret: 'cymru', tags: [] }],
    ['a|authenticate|cymru|x,y@z', { kind: 'authenticate', id: 'a', secret: 'cymru', tags: ['x', 'y@z'] }],
    ['a|route|invite', { kind: 'route', id: 'a', verb: 'invite' }],
    ['a|route|cdr:start', { kind: 'route', id: 'a', verb: 'cdr:start' }],
    ['a|remove_route|invite', { kind: 'remove-route', id: 'a', verb: 'invite' }],
    ['a|ping', { kind: 'ping', id: 'a' }],
  ])('%s', (text, command) => {
    expect(parse(text)).toEqual({ ok: true, command });
  });

  it.each([
    ['', ''],
    ['|ping', ''],
    [`${'i'.repeat(200)}|ping`, ''],
    [`${'i'.repeat(9000)}`, ''],
    ['a', 'a'],
    ['a|dance', 'a'],
    ['a|authenticate', 'a'],
    [`a|authenticate|s|${Array.from({ length: MAX_TAGS + 1 }, () => 't').join(',')}`, 'a'],
    [`a|authenticate|s|${'t'.repeat(MAX_TAG_CHARACTERS + 1)}`, 'a'],
    ['a|authenticate|s|bad tag', 'a'],
    ['a|route', 'a'],
    ['a|route|INVITE me', 'a'],
    ['a|sip||', 'a'],
    ['a|sip||\r\n', 'a'],
    ['a|sip||\r\nINVITE sip:x@y\r\n\r\n', 'a'],
    ['a|sip||\r\nSIP/2.0 999 What\r\n\r\n', 'a'],
    ['a|sip||\r\nSIP/2.0 20 OK\r\n\r\n', 'a'],
  ])('%j is refused', (text, id) => {
    expect(parse(text)).toMatchObject({ ok: false, id });
  });

  it('is a request with its transaction, dialog, proxy, headers and body', () => {
    const parsed = parse('a|sip|t1|c;from-tag=f|sip:10.0.0.1\r\nINFO sip:x SIP/2.0\r\nX-A: 1\r\n\r\nhallo\r\n\r\nñ');
    expect(parsed).toMatchObject({
      ok: true,
      command: {
        transactionId: 't1',
        dialogId: 'c;from-tag=f',
        routeUri: 'sip:10.0.0.1',
        message: { kind: 'request', method: 'INFO', uri: 'sip:x', headers: [{ name: 'X-A', value: '1' }] },
      },
    });
    if (!parsed.ok || parsed.command.kind !== 'sip') throw new Error('not read');
    expect(parsed.command.message.body.toString()).toBe('hallo\r\n\r\nñ');
    expect(appHeader(parsed.command.message, 'x-a')).toBe('1');
  });

  it.each([
    [
      'remainInDialog|fullResponse|followRedirects|serial|1500ms|20s|sip:a|sip:b',
      {
        remainInDialog: true,
        fullResponse: true,
        followRedirects: true,
        order: 'serial',
        provisionalMs: 1500,
        finalMs: 20_000,
        targets: ['sip:a', 'sip:b'],
      },
    ],
    [
      '|||simultaneous|||sip:a',
      {
        remainInDialog: false,
        fullResponse: false,
        followRedirects: false,
        order: 'simultaneous',
        provisionalMs: undefined,
        finalMs: undefined,
        targets: ['sip:a'],
      },
    ],
    ['||||||sip:a', { kind: 'refused', reason: 'invalid order of targets' }],
    ['|||serial|2m||sip:a', { kind: 'refused', reason: 'invalid timeout' }],
    ['|||serial||', { kind: 'refused' }],
    [`|||serial||${'|sip:a'.repeat(MAX_TARGETS + 1)}`, { kind: 'refused' }],
  ])('is a proxy command: %s', (options, command) => {
    const parsed = parse(`a|proxy|t|${options}\r\nINVITE sip:x SIP/2.0\r\n\r\n`);
    expect(parsed).toMatchObject({ ok: true, command: { id: 'a', ...command } });
  });

  it('skips a line that is no header and joins a folded one', () => {
    const parsed = parse('a|sip|t|\r\nSIP/2.0 200 OK\r\nno header\r\nX-A: 1\r\n  2\r\nBad Name: x\r\n\r\n');
    expect(parsed).toMatchObject({
      command: {
        message: { status: 200, headers: [{ name: 'X-A', value: '1 2' }], skipped: ['no header', 'Bad Name: x'] },
      },
    });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        parseCommand(Buffer.from(bytes));
        parseCommand(Buffer.concat([Buffer.from('a|sip||\r\nINVITE sip:x SIP/2.0\r\n'), bytes]));
      }),
    );
  });
});
