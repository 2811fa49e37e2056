// A phone that wants SRTP with keys in SDP: what the media server is asked for, and what is said when it offers none.
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { Round, type RoundParts } from '../../../src/voice/dial/round.js';
import type { Media, OpenRequest } from '../../../src/voice/drachtio/media.js';
import type { SipConnection } from '../../../src/voice/drachtio/sip-connection.js';

/** The phone is busy; what matters came before. */
async function rung(offer: string) {
  const warnings: string[] = [];
  const opened: OpenRequest[] = [];
  const invited: string[] = [];
  const media = {
    open: (request: OpenRequest) => {
      opened.push(request);
      return { sdp: Promise.resolve(offer), endpoint: new Promise(() => undefined), abandon: () => undefined };
    },
  } as unknown as Media;
  const connection = {
    invite: ({ sdp }: { sdp: string }) => {
      invited.push(sdp);
      return {
        answer: Promise.reject(Object.assign(new Error('busy'), { status: 486 })),
        alive: true,
        cancel: () => undefined,
      };
    },
  } as unknown as SipConnection;
  const parts = {
    ...{ node: 'n1', media, clock: new FakeClock(), ids: seededIds(seededRandom(1)) },
    log: { ...silentLog, warn: (_fields: object, message = '') => void warnings.push(message) },
    ...{ acceptPrompt: undefined, onLeg: () => undefined },
  } as unknown as RoundParts;
  const target = { kind: 'device', agent: 'dora', device: 'dora-desk' } as const;
  const from = { number: '', name: '' };
  const signal = new AbortController().signal;
  const request = { targets: [target], order: 'together', ringMs: 1_000, from, headers: {}, signal } as const;
  const destination = { uri: 'sip:dora-desk@192.0.2.1', media: 'sdes' } as const;
  await new Round(request, parts).run([{ target, destination, connection }]);
  return { warnings, wish: opened.map(({ secure }) => secure), invited };
}

describe('a phone that wants SDES', () => {
  test('is offered what the media server made for it', async () => {
    const offer = 'v=0\r\nm=audio 4000 RTP/SAVP 0 101\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n';
    expect(await rung(offer)).toEqual({ warnings: [], wish: ['sdes'], invited: [offer] });
  });

  test('is called in the clear where the media server does not know the wish, and the log says so', async () => {
    const offer = 'v=0\r\nm=audio 4000 RTP/AVP 0 101\r\n';
    const { warnings, invited } = await rung(offer);
    expect(invited).toEqual([offer]);
    expect(warnings).toEqual([expect.stringContaining('the phone is called in the clear')]);
  });
});
