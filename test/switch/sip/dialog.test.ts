import { describe, expect, it } from 'vitest';
import {
  afterRemoteRequest,
  afterResponse,
  type Dialog,
  dialogFromRequest,
  dialogFromResponse,
  requestInDialog,
} from '../../../src/switch/sip/dialog.js';
import { Headers } from '../../../src/switch/sip/message/headers.js';
import { EMPTY_BODY, type SipRequest, type SipResponse } from '../../../src/switch/sip/message/message.js';
import { makeResponse } from '../../../src/switch/sip/message/response.js';

const invite = (changes: Readonly<Record<string, string>> = {}, uri = 'sip:bob@b.example'): SipRequest => {
  const headers = Headers.of([
    ['Via', 'SIP/2.0/UDP a.example;branch=z9hG4bK1'],
    ['Record-Route', '<sip:p2.example;lr>'],
    ['Record-Route', '<sip:p1.example;lr>'],
    ['From', '"Alice" <sip:alice@a.example>;tag=a1'],
    ['To', '<sip:bob@b.example>'],
    ['Call-ID', 'c1'],
    ['CSeq', '7 INVITE'],
    ['Contact', '<sip:alice@10.0.0.1:5060;transport=tcp>'],
  ]);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') headers.delete(name);
    else headers.set(name, value);
  }
  return { kind: 'request', method: 'INVITE', uri, headers, body: EMPTY_BODY };
};

const answer = (status: number, request = invite(), contact = '<sip:bob@10.0.0.2>'): SipResponse =>
  makeResponse(request, status, { toTag: 'b1', headers: contact === '' ? [] : [['Contact', contact]] });

function made(dialog: Dialog | undefined): Dialog {
  if (dialog === undefined) throw new Error('no dialog');
  return dialog;
}

const uas = (): Dialog => made(dialogFromRequest(invite(), answer(200)));
const uac = (): Dialog => made(dialogFromResponse(invite(), answer(200)));
const linesOf = (request: SipRequest): Record<string, string[]> => {
  const lines: Record<string, string[]> = {};
  for (const [name, value] of request.headers) lines[name] = [...(lines[name] ?? []), value];
  return lines;
};

describe('a dialog begins', () => {
  it('at the UAS: routes in order, the caller as target', () => {
    expect(uas()).toEqual({
      role: 'uas',
      state: 'confirmed',
      callId: 'c1',
      localTag: 'b1',
      remoteTag: 'a1',
      localUri: '<sip:bob@b.example>',
      remoteUri: 'Alice <sip:alice@a.example>',
      remoteTarget: 'sip:alice@10.0.0.1:5060;transport=tcp',
      routeSet: ['<sip:p2.example;lr>', '<sip:p1.example;lr>'],
      localCseq: 0,
      remoteCseq: 7,
      localContact: '<sip:bob@10.0.0.2>',
    });
  });

  it('at the UAC: routes reversed, the callee as target', () => {
    expect(uac()).toEqual({
      role: 'uac',
      state: 'confirmed',
      callId: 'c1',
      localTag: 'a1',
      remoteTag: 'b1',
      localUri: 'Alice <sip:alice@a.example>',
      remoteUri: '<sip:bob@b.example>',
      remoteTarget: 'sip:bob@10.0.0.2',
      routeSet: ['<sip:p1.example;lr>', '<sip:p2.example;lr>'],
      localCseq: 7,
      remoteCseq: undefined,
      localContact: '<sip:alice@10.0.0.1:5060;transport=tcp>',
    });
  });

  it('early with a provisional response, one for each tag', () => {
    expect(dialogFromResponse(invite(), answer(180))?.state).toBe('early');
    expect(dialogFromRequest(invite(), answer(180))?.state).toBe('early');
    expect(dialogFromResponse(invite(), answer(180, invite(), ''))?.remoteTarget).toBe('sip:bob@b.example');
  });

  it('not at all without what it needs', () => {
    const noTag = makeResponse(invite(), 180);
    expect(dialogFromResponse(invite(), noTag)).toBeUndefined();
    expect(dialogFromRequest(invite(), noTag)).toBeUndefined();
    expect(dialogFromResponse(invite(), answer(100))).toBeUndefined();
    expect(dialogFromResponse(invite(), answer(486))).toBeUndefined();
    expect(dialogFromResponse(invite(), answer(200, invite(), ''))).toBeUndefined();
    expect(dialogFromRequest(invite({ Contact: '' }), answer(200))).toBeUndefined();
    expect(dialogFromRequest(invite({ Contact: '*' }), answer(200))).toBeUndefined();
  });

  it('with RFC 2543 peers, who have no tag', () => {
    const request = invite({ From: '<sip:alice@a.example>' });
    const dialog = made(dialogFromRequest(request, answer(200, request)));
    expect(dialog.remoteTag).toBe('');
    expect(requestInDialog(dialog, 'BYE').request.headers.get('To')).toBe('<sip:alice@a.example>');
  });
});

describe('a request inside a dialog', () => {
  it('carries routes, tags and the next CSeq', () => {
    const { request, dialog, nextHop } = requestInDialog(uac(), 'BYE', { headers: [['Reason', 'x']] });
    expect(request.uri).toBe('sip:bob@10.0.0.2');
    expect(linesOf(request)).toEqual({
      Route: ['<sip:p1.example;lr>', '<sip:p2.example;lr>'],
      'Max-Forwards': ['70'],
      From: ['Alice <sip:alice@a.example>;tag=a1'],
      To: ['<sip:bob@b.example>;tag=b1'],
      'Call-ID': ['c1'],
      CSeq: ['8 BYE'],
      Reason: ['x'],
    });
    expect(nextHop).toBe('sip:p1.example;lr');
    expect(dialog.localCseq).toBe(8);
    expect(requestInDialog(dialog, 'INFO').request.headers.get('CSeq')).toBe('9 INFO');
  });

  it('goes to the target itself when there is no route', () => {
    const { request, nextHop } = requestInDialog({ ...uac(), routeSet: [] }, 'BYE');
    expect(request.headers.has('Route')).toBe(false);
    expect(nextHop).toBe('sip:bob@10.0.0.2');
  });

  it('gives a strict router its own address, and the target last', () => {
    const routeSet = ['<sip:strict.example;method=INVITE?x=y>', '<sip:p2.example;lr>'];
    const { request, nextHop } = requestInDialog({ ...uac(), routeSet }, 'BYE');
    expect(request.uri).toBe('sip:strict.example');
    expect(request.headers.all('Route')).toEqual(['<sip:p2.example;lr>', '<sip:bob@10.0.0.2>']);
    expect(nextHop).toBe('sip:strict.example');
  });

  it('as ACK uses the number of its INVITE, and uses none up', () => {
    const { request, dialog } = requestInDialog({ ...uac(), localCseq: 9 }, 'ACK', { cseq: 7 });
    expect(request.headers.get('CSeq')).toBe('7 ACK');
    expect(request.headers.has('Contact')).toBe(false);
    expect(dialog.localCseq).toBe(9);
  });

  it('goes on from a number that was given', () => {
    expect(requestInDialog(uac(), 'INVITE', { cseq: 20 }).dialog.localCseq).toBe(20);
  });

  it('has our Contact when it can move the target, unless one is given', () => {
    expect(requestInDialog(uas(), 'INVITE').request.headers.get('Contact')).toBe('<sip:bob@10.0.0.2>');
    const given = requestInDialog(uas(), 'UPDATE', { headers: [['contact', '<sip:new@h>']] });
    expect(given.request.headers.all('Contact')).toEqual(['<sip:new@h>']);
    expect(requestInDialog(uas(), 'BYE').request.headers.has('Contact')).toBe(false);
  });
});

describe('a dialog moves on', () => {
  it.each([
    [6, undefined],
    [7, 7],
    [8, 8],
    [700, 700],
  ])('with a request of CSeq %i after 7', (number, expected) => {
    expect(afterRemoteRequest(uas(), invite({ CSeq: `${number} INVITE` }))?.remoteCseq).toBe(expected);
  });

  it('takes the first number of a peer as it comes', () => {
    expect(afterRemoteRequest(uac(), invite({ CSeq: '1 INVITE' }))?.remoteCseq).toBe(1);
  });

  it.each([
    ['INVITE', 'sip:moved@10.0.0.9'],
    ['UPDATE', 'sip:moved@10.0.0.9'],
    ['INFO', 'sip:alice@10.0.0.1:5060;transport=tcp'],
    ['BYE', 'sip:alice@10.0.0.1:5060;transport=tcp'],
  ])('%s: the target becomes %s', (method, target) => {
    const request = { ...invite({ CSeq: `8 ${method}`, Contact: '<sip:moved@10.0.0.9>' }), method };
    expect(afterRemoteRequest(uas(), request)?.remoteTarget).toBe(target);
    const ok = answer(200, request, '<sip:moved@10.0.0.9>');
    expect(afterResponse(uas(), method, ok).remoteTarget).toBe(target);
  });

  it('is confirmed by the 2xx, whose routes count', () => {
    const early = made(dialogFromResponse(invite(), answer(180)));
    const other = invite({ 'Record-Route': '<sip:only.example;lr>' });
    expect(afterResponse(early, 'INVITE', answer(200, other))).toMatchObject({
      state: 'confirmed',
      routeSet: ['<sip:only.example;lr>'],
    });
    expect(afterResponse(early, 'UPDATE', answer(200)).state).toBe('early');
    expect(afterResponse(early, 'INVITE', answer(183))).toBe(early);
  });

  it('keeps its routes through a re-INVITE', () => {
    const other = invite({ 'Record-Route': '<sip:only.example;lr>' });
    expect(afterResponse(uac(), 'INVITE', answer(200, other)).routeSet).toHaveLength(2);
  });
});
