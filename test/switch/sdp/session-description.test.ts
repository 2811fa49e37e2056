// SDP text in and out: what phones really send, and what nobody should.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attribute,
  formatSdp,
  parseSdp,
  SDP_LENGTH_MAX,
  SDP_LINES_MAX,
  SDP_MEDIA_MAX,
} from '../../../src/switch/sdp/session-description.js';

const PHONE = `v=0
o=root 1821 1821 IN IP4 192.0.2.10
s=call
c=IN IP4 192.0.2.10
t=0 0
a=sendonly
m=audio 11782 RTP/AVP 8 0 101
c=IN IP4 192.0.2.11
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=ptime:20
m=video 0 RTP/AVP 97
`;

function parsed(text: string): Extract<ReturnType<typeof parseSdp>, { ok: true }>['session'] {
  const result = parseSdp(text);
  if (!result.ok) throw new Error(result.reason);
  return result.session;
}

describe('a description', () => {
  test.each([
    ['LF', PHONE],
    ['CRLF', PHONE.replaceAll('\n', '\r\n')],
    ['CR', PHONE.replaceAll('\n', '\r')],
    ['no last line end', PHONE.trimEnd()],
  ])('is read with %s', (_, text) => {
    const session = parsed(text);
    expect(session).toMatchObject({ origin: 'root 1821 1821 IN IP4 192.0.2.10', address: '192.0.2.10' });
    expect(session.media).toMatchObject([
      { kind: 'audio', port: 11_782, protocol: 'RTP/AVP', formats: ['8', '0', '101'], address: '192.0.2.11' },
      { kind: 'video', port: 0 },
    ]);
    expect(attribute(session.attributes, 'sendonly')).toBe('');
    expect(attribute(session.media[0]?.attributes ?? [], 'fmtp')).toBe('101 0-16');
  });

  test('is written so that it reads back the same', () => {
    const session = parsed(PHONE);
    expect(parsed(formatSdp(session))).toEqual(session);
    expect(formatSdp(session)).toMatch(/^v=0\r\n/);
    expect(formatSdp(session)).not.toMatch(/[^\r]\n/);
  });

  test.each([
    ['empty', ''],
    ['another version', 'v=1\no=- 1 1 IN IP4 1.2.3.4\ns=-'],
    ['no origin', 'v=0\ns=-\nm=audio 1 RTP/AVP 0'],
    ['a line without =', 'v=0\no=- 1 1 IN IP4 1.2.3.4\nrubbish'],
    ['a port above 65535', 'v=0\no=- 1 1 IN IP4 1.2.3.4\nm=audio 65536 RTP/AVP 0'],
    ['a media line without formats', 'v=0\no=- 1 1 IN IP4 1.2.3.4\nm=audio 4000 RTP/AVP'],
    ['a connection of another network', 'v=0\no=- 1 1 IN IP4 1.2.3.4\nc=ATM NSAP x'],
    ['NUL bytes in a media line', 'v=0\no=- 1 1 IN IP4 1.2.3.4\nm=audio 4000 RTP/AVP \0'],
    ['too long', `v=0\no=- 1 1 IN IP4 1.2.3.4\ns=${'x'.repeat(SDP_LENGTH_MAX)}`],
    ['too many lines', `v=0\no=- 1 1 IN IP4 1.2.3.4\n${'a=x\n'.repeat(SDP_LINES_MAX)}`],
    ['too many media', `v=0\no=- 1 1 IN IP4 1.2.3.4\n${'m=audio 0 RTP/AVP 0\n'.repeat(SDP_MEDIA_MAX + 1)}`],
  ])('is refused when it is %s', (_, text) => {
    expect(parseSdp(text)).toMatchObject({ ok: false });
  });

  test('never makes the reader throw, whatever comes', () => {
    const line = fc.tuple(fc.constantFrom(...'vosctamxz'), fc.string()).map(([type, value]) => `${type}=${value}`);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.string()), { maxLength: 30 }),
        fc.constantFrom('\n', '\r\n'),
        (lines, end) => {
          parseSdp(`v=0${end}${lines.join(end)}`);
        },
      ),
    );
  });
});
