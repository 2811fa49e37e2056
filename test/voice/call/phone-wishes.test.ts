// What phones ask for within a call: REFER as they write it, and offers that put us on hold.
import { describe, expect, test } from 'vitest';
import { PhoneWishes } from '../../../src/voice/call/phone-wishes.js';
import { isHeld } from '../../../src/voice/call/session-description.js';
import { referOf } from '../../../src/voice/drachtio/sip-dialog.js';

describe('Refer-To', () => {
  test.each([
    ['<sip:2001@hilo.example>', { to: '2001' }],
    ['"Bruno" <sip:bruno@hilo.example;transport=udp>', { to: 'bruno' }],
    ['sip:+34910111222@hilo.example', { to: '+34910111222' }],
    ['<sips:ana-desk;x=y@hilo.example:5061>', { to: 'ana-desk' }],
    [
      '<sip:bruno@h?Replaces=12345%40192.0.2.1%3Bto-tag%3D5FFE-3994%3Bfrom-tag%3D12345>',
      { to: 'bruno', replaces: '12345@192.0.2.1' },
    ],
    ['<sip:bruno@h?Subject=x&Replaces=a%3Bto-tag%3Db>', { to: 'bruno', replaces: 'a' }],
    ['<sip:bruno@h?Replaces=%zz>', undefined],
    ['<sip:hilo.example>', undefined],
    ['<tel:+34910111222>', undefined],
    ['', undefined],
    [`<sip:${'a'.repeat(65)}@h>`, undefined],
    ['<sip:a b@h>', undefined],
  ])('%s', (header, refer) => {
    expect(referOf(header)).toEqual(refer);
  });
});

const sdp = (...lines: string[]): string => ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', ...lines, ''].join('\r\n');
const AUDIO = 'm=audio 4000 RTP/AVP 0';
const ADDRESS = 'c=IN IP4 192.0.2.1';

describe('an offer', () => {
  test.each([
    ['that says nothing', [ADDRESS, AUDIO], false],
    ['sendrecv', [ADDRESS, AUDIO, 'a=sendrecv'], false],
    ['sendonly (RFC 3264)', [ADDRESS, AUDIO, 'a=sendonly'], true],
    ['inactive for the session', [ADDRESS, 'a=inactive', AUDIO], true],
    ['inactive for the session, not for the audio', [ADDRESS, 'a=inactive', AUDIO, 'a=sendrecv'], false],
    ['sendonly of another line', [ADDRESS, AUDIO, 'm=video 4002 RTP/AVP 96', 'a=sendonly'], false],
    ['address 0.0.0.0 (RFC 2543)', ['c=IN IP4 0.0.0.0', AUDIO], true],
    ['address 0.0.0.0 of a browser, where ICE decides', ['c=IN IP4 0.0.0.0', AUDIO, 'a=ice-ufrag:x'], false],
  ])('%s', (_name, lines, held) => {
    expect(isHeld(sdp(...lines))).toBe(held);
  });
});

test('listeners hear of changes only, and of none once they stop', () => {
  const wishes = new PhoneWishes();
  const heard: boolean[] = [];
  const stop = wishes.onHold((held) => heard.push(held));
  for (const direction of ['sendonly', 'sendonly', 'sendrecv', 'inactive'])
    wishes.offered(sdp(ADDRESS, AUDIO, `a=${direction}`));
  stop();
  wishes.offered(sdp(ADDRESS, AUDIO));
  expect(heard).toEqual([true, false, true]);
  expect(() => wishes.refer({ to: 'ana' })).toThrow('nobody to be transferred');
});
