// Provisional responses that must arrive (RFC 3262), PRACK in both directions (H1 b2b.js, uac.js).
import { describe, expect } from 'vitest';
import type { Req, Res } from '../switch/drachtio/application.js';
import { conforms } from './pair.js';
import { ANSWER, OFFER, type Phone, promised, SipScene } from './sip-scene.js';

const scene = new SipScene();

describe('reliable provisional responses', () => {
  const reliable = { Require: '100rel' };

  function prack(
    phone: Phone,
    invite: Parameters<Phone['follow']>[1],
    answer: Parameters<Phone['follow']>[2],
    cseq = 2,
  ): void {
    const RAck = `${answer.headers.get('RSeq')} 1 INVITE`;
    phone.follow('PRACK', invite, answer, scene.port, { headers: { RAck, CSeq: `${cseq} PRACK` } });
  }

  conforms('of a phone are acknowledged for the application', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER, headers: { Supported: '100rel' } });
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 183, { body: ANSWER, headers: { ...reliable, RSeq: '77' } });
    const acknowledgement = await phone.asked('PRACK');
    expect(acknowledgement.headers.get('RAck')).toMatch(/^77 \d+ INVITE$/);
    phone.answer(acknowledgement, 200);
    phone.answer(invite, 200, { body: ANSWER });
    await phone.asked('ACK');
    await dialing;
  });

  conforms('of a phone may be several', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER, headers: { Supported: '100rel' } });
    const invite = await phone.asked('INVITE');
    for (const rseq of ['77', '78']) {
      phone.answer(invite, 180, { headers: { ...reliable, RSeq: rseq } });
      const acknowledgement = await phone.asked('PRACK');
      expect(acknowledgement.headers.get('RAck')).toMatch(new RegExp(`^${rseq} \\d+ INVITE$`));
      phone.answer(acknowledgement, 200);
    }
    phone.answer(invite, 200, { body: ANSWER });
    await phone.asked('ACK');
    await dialing;
  });

  conforms('of an application are repeated until the PRACK comes, which it is told', async () => {
    const told = promised<Req>();
    await scene.app((srf) => {
      srf.use('prack', (req: Req, res: Res) => {
        told.resolve(req);
        res.send(200);
      });
      srf.invite((_, res) => res.send(183, { headers: reliable, body: ANSWER }));
    });
    const phone = await scene.phone();
    const invite = phone.ask('INVITE', scene.port, { body: OFFER, headers: { Supported: '100rel' } });
    const first = await phone.response(183);
    expect(first.headers.get('RSeq')).toMatch(/^\d+$/);
    expect(first.headers.get('Require')).toContain('100rel');
    expect((await phone.response(183)).headers.get('RSeq')).toBe(first.headers.get('RSeq'));
    prack(phone, invite, first);
    await phone.response(200, 'PRACK');
    await told.promise;
  });

  conforms('are refused to a phone that does not know them', async () => {
    const refused = promised<unknown>();
    await scene.app((srf) =>
      srf.invite((_, res) => {
        res.send(183, { headers: reliable, body: ANSWER }, (error) => {
          refused.resolve(error);
          res.send(486);
        });
      }),
    );
    const phone = await scene.phone();
    phone.ask('INVITE', scene.port, { body: OFFER });
    await phone.response(486);
    expect(String(await refused.promise)).toContain('100rel');
  });

  conforms('go through an application that joins two legs', async () => {
    const callee = await scene.phone();
    await scene.app((srf) =>
      srf.invite((req, res) => {
        srf.createB2BUA(req, res, callee.uri, { proxyRequestHeaders: ['Supported', 'Require'] }).catch(() => undefined);
      }),
    );
    const caller = await scene.phone();
    const invite = caller.ask('INVITE', scene.port, { body: OFFER, headers: { Supported: '100rel' } });
    const onward = await callee.asked('INVITE');
    expect(onward.headers.get('Supported')).toContain('100rel');
    callee.answer(onward, 183, { body: ANSWER, headers: { ...reliable, RSeq: '5' } });
    callee.answer(await callee.asked('PRACK'), 200);
    const progress = await caller.response(183);
    if (progress.headers.has('RSeq')) {
      prack(caller, invite, progress);
      await caller.response(200, 'PRACK');
    }
    callee.answer(onward, 200, { body: ANSWER });
    await callee.asked('ACK');
    const ok = await caller.response(200, 'INVITE');
    caller.follow('ACK', invite, ok, scene.port);
  });
});
