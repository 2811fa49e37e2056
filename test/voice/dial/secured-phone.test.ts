// A phone that wants SRTP with keys in SDP, where the media server offers none: the phone makes the offer, a leg is made for that.
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { Round, type RoundParts } from '../../../src/voice/dial/round.js';
import type { Media, OpenRequest } from '../../../src/voice/drachtio/media.js';
import type { InviteRequest, SipConnection } from '../../../src/voice/drachtio/sip-connection.js';

const ANSWER = 'the answer of the media server';

/** The phone answers with this offer, and is gone before our answer reaches it. */
async function rung(offer: string) {
  const warnings: string[] = [];
  const opened: OpenRequest[] = [];
  const invited: InviteRequest[] = [];
  const answers: string[] = [];
  let abandoned = 0;
  const media = {
    makesSecuredOffers: () => false,
    open: (request: OpenRequest) => {
      opened.push(request);
      const abandon = (): void => void abandoned++;
      return { sdp: Promise.resolve(ANSWER), endpoint: new Promise(() => undefined), abandon };
    },
  } as unknown as Media;
  const answer = async (request: InviteRequest): Promise<never> => {
    answers.push((await request.answerTo?.(offer)) ?? '');
    throw new Error('gone');
  };
  const connection = {
    invite: (request: InviteRequest) => {
      invited.push(request);
      return { answer: answer(request), alive: true, cancel: () => undefined };
    },
  } as unknown as SipConnection;
  const parts = {
    ...{ node: 'n1', media, clock: new FakeClock(), ids: seededIds(seededRandom(1)) },
    log: { ...silentLog, warn: (_fields: object, message = '') => void warnings.push(message) },
    onLeg: () => undefined,
  } as unknown as RoundParts;
  const target = { kind: 'device', agent: 'dora', device: 'dora-desk' } as const;
  const from = { number: '', name: '' };
  const signal = new AbortController().signal;
  const request = { targets: [target], order: 'together', ringMs: 1_000, from, headers: {}, signal } as const;
  const destination = { uri: 'sip:dora-desk@192.0.2.1', media: 'sdes' } as const;
  const [attempted] = await new Round(request, parts).run([{ target, destination, connection }]);
  expect(attempted).toMatchObject({ kind: 'failed' });
  expect(invited.map(({ sdp }) => sdp)).toEqual([undefined]);
  return { warnings, offers: opened.map((one) => one.offer), answers, abandoned };
}

const described = (audio: string): string => `v=0\r\nc=IN IP4 192.0.2.1\r\n${audio}\r\n`;
const SECURED = described('m=audio 4000 RTP/SAVP 0 101\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x');
const CLEAR = described('m=audio 4000 RTP/AVP 0 101');

describe('a phone that wants SDES', () => {
  test('makes the offer; the leg that was made for it is freed when the phone is gone', async () => {
    expect(await rung(SECURED)).toEqual({ warnings: [], offers: [SECURED], answers: [ANSWER], abandoned: 1 });
  });

  test('talks in the clear when it offers that, and the log says so', async () => {
    const { warnings, answers } = await rung(CLEAR);
    expect(answers).toEqual([ANSWER]);
    expect(warnings).toEqual([expect.stringContaining('in the clear')]);
  });

  test('gets no leg for an offer that the media server is not to see', async () => {
    const { offers, answers } = await rung(described('m=audio 4000 RTP/SAVP 0').replace('192.0.2.1', '239.0.0.1'));
    expect([offers, answers]).toEqual([[], []]);
  });
});
