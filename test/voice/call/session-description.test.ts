import { describe, expect, it } from 'vitest';
import { checkOffer, isSecured } from '../../../src/voice/call/session-description.js';

const GOOD = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 4000 RTP/AVP 0 8 101',
  'a=rtpmap:101 telephone-event/8000',
  '',
].join('\r\n');

describe('offer of a stranger', () => {
  it('passes: one plain audio stream', () => {
    expect(checkOffer(GOOD, 'start')).toEqual({ ok: true });
    expect(checkOffer(`${GOOD}m=video 4002 RTP/AVP 96\r\n`, 'start')).toEqual({ ok: true });
  });

  it.each([
    ['multicast', GOOD.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 224.0.0.5')],
    ['multicast at the media line', `${GOOD}c=IN IP4 239.1.1.1/127\r\n`],
    ['broadcast', GOOD.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 255.255.255.255')],
    ['this network', GOOD.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 0.1.2.3')],
    ['nowhere', GOOD.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 0.0.0.0')],
    ['no octets', GOOD.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 999.1.1.1')],
    ['a name', GOOD.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 victim.example')],
    ['IPv6', GOOD.replace('c=IN IP4 192.0.2.1', 'c=IN IP6 2001:db8::1')],
    ['no address', GOOD.replace('c=IN IP4 192.0.2.1\r\n', '')],
    ['port 0', GOOD.replace('audio 4000', 'audio 0')],
    ['port 99999', GOOD.replace('audio 4000', 'audio 99999')],
    ['500 media lines', GOOD + 'm=audio 5000 RTP/AVP 0\r\n'.repeat(500)],
    ['no audio', GOOD.replace('m=audio', 'm=image')],
    ['a profile of old', GOOD.replace('RTP/AVP', 'udptl')],
    ['encrypted, to multicast', GOOD.replace('RTP/AVP', 'RTP/SAVP').replace('192.0.2.1\r\nt=', '224.0.0.5\r\nt=')],
    ['no SDP', 'hello'],
    ['16 kB', `${GOOD}${'a=x\r\n'.repeat(5000)}`],
  ])('is refused: %s', (_what, sdp) => {
    expect(checkOffer(sdp, 'start').ok).toBe(false);
  });

  it('passes secured: to an address with keys, or with ICE from anywhere', () => {
    const phone = GOOD.replace('RTP/AVP', 'RTP/SAVP');
    const browser = GOOD.replace('RTP/AVP', 'UDP/TLS/RTP/SAVPF').replace('IP4 192.0.2.1\r\nt=', 'IP6 ::\r\nt=');
    expect([GOOD, phone, browser].map(isSecured)).toEqual([false, true, true]);
    expect(checkOffer(phone, 'start')).toEqual({ ok: true });
    expect(checkOffer(`${browser}a=ice-ufrag:x\r\n`, 'start')).toEqual({ ok: true });
    expect(checkOffer(browser, 'start').ok).toBe(false);
  });

  it('may put a call that stands on hold with address 0.0.0.0', () => {
    const hold = GOOD.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 0.0.0.0');
    expect(checkOffer(hold, 'change')).toEqual({ ok: true });
  });
});
