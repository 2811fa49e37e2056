// An offer of ours inside a call: what uuid_media_reneg sends, and what each answer makes of the call.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TRIES_MAX } from '../../../src/switch/media-server/own-offer.js';
import { parseCSeq } from '../../../src/switch/sip/message/cseq.js';
import type { SipRequest } from '../../../src/switch/sip/message/message.js';
import { type Leg, LegScene, SECRET } from '../event-socket/leg-scene.js';
import { RtpPeer } from '../event-socket/rtp-peer.js';
import { share } from '../event-socket/tones.js';

let scene: LegScene;
let leg: Leg;
beforeAll(async () => {
  scene = await LegScene.open({
    timers: { t1Ms: 40, t2Ms: 80 },
    eventSocket: { address: '127.0.0.1', port: 0, secret: SECRET },
  });
});
beforeEach(async () => {
  leg = await scene.leg();
});
afterEach(() => {
  leg?.phone.follow('BYE', leg.invite, leg.answer, port(), { headers: { CSeq: '20 BYE' } });
});
afterAll(() => scene?.close());

const port = (): number => scene.server.sipPort;
const ask = (what = leg.id): Promise<string> => leg.socket.ask(`api uuid_media_reneg ${what}`);
const variable = (name: string): Promise<string> => leg.socket.ask(`api uuid_getvar ${leg.id} ${name}`);
const cseqOf = ({ headers }: SipRequest): number => parseCSeq(headers.get('CSeq') ?? '')?.number ?? 0;
const sessionOf = (sdp: string): readonly string[] => /^o=\S+ (\d+) (\d+)/m.exec(sdp)?.slice(1) ?? [];
const portIn = (sdp: string): string | undefined => /m=audio (\d+)/.exec(sdp)?.[1];
const DONE = '+OK Success\n';
const FAILED = '-ERR Operation Failed\n';

async function refuse(status: number): Promise<SipRequest> {
  const offer = await leg.phone.asked('INVITE');
  leg.phone.answer(offer, status);
  await leg.phone.asked('ACK');
  return offer;
}

describe('a further offer', () => {
  test('moves the media to where the answer says, and is acknowledged as often as the answer comes', async () => {
    expect(await ask()).toBe(DONE);
    const offer = await leg.phone.asked('INVITE');
    const sdp = offer.body.toString();
    const first = leg.answer.body.toString();
    expect(sdp).toMatch(/m=audio \d+ RTP\/AVP 0 8 101\r\n/);
    expect(portIn(sdp)).toBe(portIn(first));
    expect(sessionOf(sdp)).toEqual([sessionOf(first)[0], String(Number(sessionOf(first)[1]) + 1)]);
    expect(offer.headers.get('Contact')).toBe(leg.answer.headers.get('Contact'));
    const moved = await RtpPeer.open();
    leg.rtp.follow('');
    moved.follow(sdp);
    const answer = leg.phone.answer(offer, 200, { body: moved.sdp });
    expect(cseqOf(await leg.phone.asked('ACK'))).toBe(cseqOf(offer));
    leg.phone.send(answer, port());
    await leg.phone.asked('ACK');
    await expect.poll(() => variable('remote_media_port'), { timeout: 10_000 }).toBe(portIn(moved.sdp));
    leg.socket.send(
      `sendmsg ${leg.id}\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: tone_stream://%(1500,0,1000)`,
    );
    await expect.poll(() => moved.samples.length, { timeout: 10_000 }).toBeGreaterThan(4_000);
    expect(share(moved.samples.slice(-2_400), 1_000)).toBeGreaterThan(0.8);
    moved.close();
  });

  test('has the codecs that are asked for, in their order', async () => {
    expect(await ask(`${leg.id} =PCMA,G722,PCMU@20i`)).toBe(DONE);
    const offer = await leg.phone.asked('INVITE');
    expect(offer.body.toString()).toMatch(/m=audio \d+ RTP\/AVP 8 0 101\r\n/);
    leg.phone.answer(offer, 200, { body: leg.rtp.sdp.replace('RTP/AVP 0', 'RTP/AVP 8') });
    await leg.phone.asked('ACK');
    await expect.poll(() => variable('read_codec'), { timeout: 10_000 }).toBe('PCMA');
    expect(await ask(`${leg.id} G722`)).toBe(FAILED);
  });

  test('keeps the lines that the peer had, also those we cannot use', async () => {
    const { phone, invite, answer, rtp } = leg;
    const lines = `m=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n`;
    const at = rtp.sdp.indexOf('m=audio');
    const body = rtp.sdp.slice(0, at) + lines + rtp.sdp.slice(at);
    phone.follow('INVITE', invite, answer, port(), { headers: { 'Content-Type': 'application/sdp' }, body });
    await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, answer, port(), { headers: { CSeq: '2 ACK' } });
    await expect.poll(() => ask(), { timeout: 10_000 }).toBe(DONE);
    const offer = await phone.asked('INVITE');
    expect(offer.body.toString().match(/^m=\S+ (?:0|\d+ RTP\/AVP 0 8 101)/gm)).toEqual([
      'm=video 0',
      expect.stringMatching(/^m=audio \d+ RTP\/AVP 0 8 101$/),
    ]);
    phone.answer(offer, 200, { body });
    await phone.asked('ACK');
  });

  test('is the only one at a time: theirs meanwhile gets 491, ours is refused', async () => {
    const { phone, invite, answer, rtp } = leg;
    await ask();
    const offer = await phone.asked('INVITE');
    expect(await ask()).toBe(FAILED);
    const headers = { 'Content-Type': 'application/sdp' };
    phone.follow('INVITE', invite, answer, port(), { headers, body: rtp.sdp });
    await phone.response(491, 'INVITE');
    phone.answer(offer, 200, { body: rtp.sdp });
    await phone.asked('ACK');
    phone.follow('INVITE', invite, answer, port(), { headers: { ...headers, CSeq: '3 INVITE' }, body: rtp.sdp });
    await phone.response(200, 'INVITE');
    expect(await ask()).toBe(FAILED);
    phone.follow('ACK', invite, answer, port(), { headers: { CSeq: '3 ACK' } });
  });
});

describe('a further offer that is refused', () => {
  test('changes nothing, and another may follow', async () => {
    const before = await variable('remote_media_port');
    await ask();
    await refuse(488);
    await expect.poll(() => ask(), { timeout: 10_000 }).toBe(DONE);
    await refuse(503);
    expect(await variable('remote_media_port')).toBe(before);
    expect(leg.phone.unread).not.toContain('BYE');
  });

  test('with 491 comes again within two seconds, but not for ever', async () => {
    await ask();
    const numbers: number[] = [];
    for (let tries = 1; tries <= TRIES_MAX; tries++) numbers.push(cseqOf(await refuse(491)));
    expect(new Set(numbers).size).toBe(TRIES_MAX);
    await expect.poll(() => ask(), { timeout: 10_000 }).toBe(DONE);
    await refuse(488);
  }, 20_000);

  test.each([
    ['that there is no such call', async () => void (await refuse(481))],
    ['by silence', async () => void (await leg.phone.asked('INVITE'))],
    [
      'by an answer that cannot be used',
      async () => {
        const offer = await leg.phone.asked('INVITE');
        leg.phone.answer(offer, 200, { body: 'v=0\r\nrubbish' });
        await leg.phone.asked('ACK');
      },
    ],
  ])('%s ends the call', async (_, answer) => {
    await ask();
    await answer();
    const bye = await leg.phone.asked('BYE');
    expect(bye.headers.get('Reason')).toMatch(/^Q.850;cause=(41|88);/);
    leg.phone.answer(bye, 200);
  });
});

test('a call that ends while we wait to offer again leaves nothing behind', async () => {
  await ask();
  await refuse(491);
  leg.phone.follow('BYE', leg.invite, leg.answer, port());
  await leg.phone.response(200, 'BYE');
  const client = await scene.client();
  expect(await client.ask(`api uuid_media_reneg ${leg.id}`)).toBe(FAILED);
  expect(await client.ask('api uuid_media_reneg')).toBe('-USAGE: <uuid>[ <codec_string>]\n');
  expect(await client.ask('api uuid_media_reneg nobody')).toBe(FAILED);
});
