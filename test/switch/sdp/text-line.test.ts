import { describe, expect, test } from 'vitest';
import { parseSdp } from '../../../src/switch/sdp/session-description.js';
import { type ChosenText, chooseText } from '../../../src/switch/sdp/text-line.js';

function chosen(address: string, session: string, medium: string): ChosenText | undefined {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 10.0.0.1',
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    session,
    'm=text 5004 RTP/AVP 98',
  ];
  const parsed = parseSdp([...lines, 'a=rtpmap:98 t140/1000', medium].filter((line) => line !== '').join('\r\n'));
  if (!parsed.ok) throw new Error(parsed.reason);
  return chooseText(parsed.session);
}

describe('who writes and who reads', () => {
  test.each([
    ['', '', true, true],
    ['a=inactive', '', false, false],
    ['a=inactive', 'a=sendrecv', true, true],
    ['a=sendonly', 'a=recvonly', false, true],
    ['', 'a=sendonly', true, false],
  ])(
    'session %j, line %j: the word of the line counts, then that of the session',
    (session, medium, sends, receives) => {
      expect(chosen('10.0.0.1', session, medium)).toMatchObject({ sends, receives });
    },
  );

  test('0.0.0.0 is hold; what is not one peer is not written to', () => {
    expect(chosen('0.0.0.0', '', 'a=sendrecv')).toMatchObject({ sends: false, receives: false });
    for (const address of ['224.0.0.1', '0.0.0.7', '255.255.255.255']) expect(chosen(address, '', '')).toBeUndefined();
  });
});
