// Requests of the network in the hands of an application (compatibility A11 to A13, H1 uas.js).
import { describe, expect } from 'vitest';
import type { Req, Res } from '../switch/drachtio/application.js';
import { RawApp } from '../switch/drachtio/raw-app.js';
import { conforms } from './pair.js';
import { ANSWER, OFFER, promised, SipScene } from './sip-scene.js';

const METHODS = ['OPTIONS', 'MESSAGE', 'INFO', 'REGISTER', 'SUBSCRIBE', 'PUBLISH', 'NOTIFY'];

const scene = new SipScene();

describe('a call that comes', () => {
  conforms('without an application for it gets 503', async () => {
    const phone = await scene.phone();
    phone.ask('INVITE', scene.port, { body: OFFER });
    await phone.response(503);
  });

  conforms('is tried at once, and may be refused', async () => {
    const arrived = promised<Res>();
    await scene.app((srf) => srf.invite((_, res) => arrived.resolve(res)));
    const phone = await scene.phone();
    phone.ask('INVITE', scene.port, { body: OFFER });
    await phone.response(100);
    (await arrived.promise).send(503, { headers: { 'Retry-After': '20' } });
    const refusal = await phone.response(503);
    expect(refusal.headers.get('Retry-After')).toBe('20');
    expect(refusal.headers.get('To')).toContain(';tag=');
  });

  conforms('is told with its addresses, its number and its headers', async () => {
    const told = promised<Req>();
    await scene.app((srf) =>
      srf.invite((req, res) => {
        told.resolve(req);
        res.send(486);
      }),
    );
    const phone = await scene.phone();
    phone.ask('INVITE', scene.port, {
      body: OFFER,
      headers: { 'X-Own': 'yes', 'P-Asserted-Identity': '<sip:34600@x>' },
    });
    await phone.response(486);
    const req = (await told.promise) as Req & { callingNumber: string; calledNumber: string };
    expect(req.source).toBe('network');
    expect(req.source_port).toBe(phone.port);
    expect(req.protocol).toBe('udp');
    expect(req.get('X-Own')).toBe('yes');
    expect([req.callingNumber, req.calledNumber]).toEqual(['34600', 'service']);
    expect(req.body).toBe(OFFER);
  });

  conforms('is answered, and becomes a dialog', async () => {
    const { ok, dialog, invite } = await scene.answered();
    expect(ok.body.toString()).toBe(ANSWER);
    expect(ok.headers.get('Contact')).toContain(`:${scene.port}`);
    expect(ok.headers.get('Content-Type')).toBe('application/sdp');
    expect(dialog.id).toBe(`${invite.headers.get('Call-ID')};from-tag=${invite.headers.get('From')?.split('tag=')[1]}`);
    expect(dialog.sip.callId).toBe(invite.headers.get('Call-ID'));
  });

  conforms('rings with the tag that the answer has', async () => {
    await scene.app((srf) =>
      srf.invite((req, res) => {
        res.send(180);
        void srf.createUAS(req, res, { localSdp: ANSWER });
      }),
    );
    const phone = await scene.phone();
    const invite = phone.ask('INVITE', scene.port, { body: OFFER });
    const ringing = await phone.response(180);
    const ok = await phone.response(200);
    expect(ok.headers.get('To')).toBe(ringing.headers.get('To'));
    phone.follow('ACK', invite, ok, scene.port);
  });

  conforms('is hung up by the caller', async () => {
    const { phone, invite, ok, dialog } = await scene.answered();
    const ended = promised<unknown>();
    dialog.once('destroy', ended.resolve);
    phone.follow('BYE', invite, ok, scene.port);
    await phone.response(200, 'BYE');
    await ended.promise;
    phone.follow('BYE', invite, ok, scene.port, { headers: { CSeq: '3 BYE' } });
    await phone.response(481);
  });

  conforms('is hung up by the application', async () => {
    const { phone, dialog } = await scene.answered();
    const ended = dialog.destroy({ headers: { 'X-Reason': 'closing time' } });
    const bye = await phone.asked('BYE');
    expect(bye.headers.get('X-Reason')).toBe('closing time');
    phone.answer(bye, 200);
    await ended;
  });

  conforms('is cancelled: the application is told, the caller gets 487', async () => {
    const cancelled = promised<unknown>();
    await scene.app((srf) =>
      srf.invite((req, res) => {
        req.on('cancel', cancelled.resolve);
        res.send(180);
      }),
    );
    const phone = await scene.phone();
    const invite = phone.ask('INVITE', scene.port, { body: OFFER });
    await phone.response(180);
    phone.cancel(invite, scene.port);
    await phone.response(200, 'CANCEL');
    await phone.response(487);
    await cancelled.promise;
  });

  conforms('repeats its answer until the ACK comes', async () => {
    const made = promised<unknown>();
    await scene.app((srf) =>
      srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: ANSWER }).then(made.resolve)),
    );
    const phone = await scene.phone();
    const invite = phone.ask('INVITE', scene.port, { body: OFFER });
    await phone.response(200);
    const again = await phone.response(200);
    await made.promise;
    phone.follow('ACK', invite, again, scene.port);
  });

  conforms('without Contact is refused with 400', async () => {
    await scene.app((srf) => srf.invite((_, res) => res.send(486)));
    const phone = await scene.phone();
    phone.ask('INVITE', scene.port, { body: OFFER, headers: { Contact: '' } });
    await phone.response(400);
  });

  conforms('with a To tag that nobody knows gets 481', async () => {
    await scene.app((srf) => srf.invite((_, res) => res.send(486)));
    const phone = await scene.phone();
    phone.ask('INVITE', scene.port, { body: OFFER, headers: { To: '<sip:service@127.0.0.1>;tag=stranger' } });
    await phone.response(481);
  });

  conforms('changes its session by a re-INVITE', async () => {
    const { phone, invite, ok, dialog } = await scene.answered();
    const modified = promised<Req>();
    dialog.on('modify', (req: Req, res: Res) => {
      modified.resolve(req);
      res.send(200, { body: ANSWER.replace('sendrecv', 'recvonly') });
    });
    const again = phone.follow('INVITE', invite, ok, scene.port, {
      body: OFFER.replace('sendrecv', 'sendonly'),
      headers: { Contact: `<sip:caller@${phone.address}:${phone.port}>`, 'Content-Type': 'application/sdp' },
    });
    const held = await phone.response(200);
    expect(held.body.toString()).toContain('recvonly');
    phone.follow('ACK', again, held, scene.port);
    expect((await modified.promise).body).toContain('sendonly');
  });

  conforms('takes INFO, MESSAGE, OPTIONS and UPDATE inside the dialog', async () => {
    const { phone, invite, ok, dialog } = await scene.answered();
    const heard: string[] = [];
    for (const event of ['info', 'message', 'options', 'update']) {
      dialog.on(event, (req: Req, res: Res) => {
        heard.push(req.method);
        res.send(200);
      });
    }
    let cseq = 10;
    for (const method of ['INFO', 'MESSAGE', 'OPTIONS', 'UPDATE']) {
      const Contact = `<sip:caller@${phone.address}:${phone.port}>`;
      phone.follow(method, invite, ok, scene.port, { headers: { CSeq: `${++cseq} ${method}`, Contact } });
      await phone.response(200, method);
    }
    expect(heard).toEqual(['INFO', 'MESSAGE', 'OPTIONS', 'UPDATE']);
  });

  conforms('takes a late offer, and the answer in the ACK', async () => {
    const acknowledged = promised<Req>();
    await scene.app((srf) =>
      srf.invite((req, res) => {
        void srf.createUAS(req, res, { localSdp: OFFER }).then((dialog) => dialog.once('ack', acknowledged.resolve));
      }),
    );
    const phone = await scene.phone();
    const invite = phone.ask('INVITE', scene.port);
    const ok = await phone.response(200);
    expect(ok.body.toString()).toBe(OFFER);
    await new Promise((resolve) => setImmediate(resolve));
    phone.follow('ACK', invite, ok, scene.port, { body: ANSWER, headers: { 'Content-Type': 'application/sdp' } });
    expect((await acknowledged.promise).body).toBe(ANSWER);
  });
});

describe('other requests that come', () => {
  // Before the others: an application that has just gone might still be asked.
  for (const method of METHODS) {
    conforms(`${method} without an application for it gets 503`, async () => {
      const phone = await scene.phone();
      phone.ask(method, scene.port, { headers: { Event: 'presence', 'Subscription-State': 'active' } });
      await phone.response(503, method);
    });
  }

  for (const method of METHODS) {
    conforms(`${method} reaches the application that asked for it, and its answer the sender`, async () => {
      await scene.app((srf) => {
        const routes = srf as unknown as Record<string, (handler: (req: Req, res: Res) => void) => void>;
        routes[method.toLowerCase()]?.((_, res) => res.send(200, { headers: { 'X-Answer': 'yes', Expires: '60' } }));
      });
      const phone = await scene.phone();
      phone.ask(method, scene.port, { headers: { Event: 'presence', 'Subscription-State': 'active', Expires: '60' } });
      const answer = await phone.response(200, method);
      expect(answer.headers.get('X-Answer')).toBe('yes');
    });
  }

  conforms('BYE and UPDATE without a dialog get 481', async () => {
    const phone = await scene.phone();
    for (const method of ['BYE', 'UPDATE']) {
      phone.ask(method, scene.port);
      await phone.response(481, method);
    }
  });

  conforms('a CANCEL of nothing gets 481', async () => {
    const phone = await scene.phone();
    phone.ask('CANCEL', scene.port);
    await phone.response(481, 'CANCEL');
  });

  conforms('a route that was taken back gets no more requests', async () => {
    const { host, port, secret } = scene.pair.drachtio;
    const app = await RawApp.open(port, secret, host);
    await app.ask('route|publish');
    const phone = await scene.phone();
    phone.ask('PUBLISH', scene.port, { headers: { Event: 'presence' } });
    const { tokens } = await app.told('PUBLISH');
    app.send(`sip|${tokens[8]}|\r\nSIP/2.0 202 Accepted\r\nCSeq: 1 PUBLISH\r\n\r\n`);
    await phone.response(202);
    await app.ask('remove_route|publish');
    phone.ask('PUBLISH', scene.port, { headers: { Event: 'presence' } });
    await phone.response(503);
    app.destroy();
  });

  conforms('two applications take turns', async () => {
    const counts = [0, 0];
    for (const index of [0, 1]) {
      await scene.app((srf) =>
        srf.message((_, res) => {
          counts[index] = (counts[index] ?? 0) + 1;
          res.send(200);
        }),
      );
    }
    const phone = await scene.phone();
    for (let round = 0; round < 4; round++) {
      phone.ask('MESSAGE', scene.port);
      await phone.response(200);
    }
    expect(counts).toEqual([2, 2]);
  });
});
