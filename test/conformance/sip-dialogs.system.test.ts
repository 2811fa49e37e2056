// Transfers, subscriptions, session timers and records of calls (compatibility A13, A15, A16; H1 refer.js, subscribe.js).
import { describe, expect } from 'vitest';
import type { App, Dlg, Req, Res } from '../switch/drachtio/application.js';
import { conforms } from './pair.js';
import { ANSWER, OFFER, promised, SipScene } from './sip-scene.js';

const FRAGMENT = { 'Content-Type': 'message/sipfrag;version=2.0' };

const scene = new SipScene();

describe('a transfer', () => {
  conforms('asked for by a phone is told to the application, which reports how it goes', async () => {
    const { phone, invite, ok, dialog } = await scene.answered();
    const asked = promised<Req>();
    dialog.on('refer', (req: Req, res: Res) => {
      res.send(202);
      asked.resolve(req);
    });
    const other = 'sip:other@example.org?Replaces=call%40x%3Bto-tag%3D1%3Bfrom-tag%3D2';
    const Contact = `<sip:caller@${phone.address}:${phone.port}>`;
    phone.follow('REFER', invite, ok, scene.port, { headers: { 'Refer-To': `<${other}>`, Contact } });
    await phone.response(202);
    expect((await asked.promise).get('Refer-To')).toBe(`<${other}>`);
    for (const [state, line] of [
      ['active;expires=60', 'SIP/2.0 100 Trying'],
      ['terminated;reason=noresource', 'SIP/2.0 200 OK'],
    ] as const) {
      const headers = { Event: 'refer', 'Subscription-State': state, ...FRAGMENT };
      const sent = dialog.request({ method: 'NOTIFY', headers, body: line });
      const notify = await phone.asked('NOTIFY');
      expect(notify.headers.get('Subscription-State')).toBe(state);
      expect(notify.body.toString()).toContain(line);
      phone.answer(notify, 200);
      expect((await sent).status).toBe(200);
    }
    phone.follow('BYE', invite, ok, scene.port, { headers: { CSeq: '9 BYE' } });
    await phone.response(200, 'BYE');
  });

  conforms('asked for by the application is done by the phone, which reports how it goes', async () => {
    const { dialog, phone, invite, ok } = await scene.called();
    const reports: string[] = [];
    const done = promised<unknown>();
    dialog.on('notify', (req: Req, res: Res) => {
      reports.push(req.body.trim());
      res.send(200);
      if (reports.length === 2) done.resolve(undefined);
    });
    const target = '<sip:other@example.org?Replaces=call%40x%3Bto-tag%3D1%3Bfrom-tag%3D2>';
    const sent = dialog.request({ method: 'REFER', headers: { 'Refer-To': target, 'Referred-By': '<sip:centre@x>' } });
    const refer = await phone.asked('REFER');
    expect(refer.headers.get('Refer-To')).toBe(target);
    expect(refer.headers.has('Contact')).toBe(true);
    phone.answer(refer, 202);
    expect((await sent).status).toBe(202);
    let cseq = 0;
    for (const [state, body] of [
      ['active', 'SIP/2.0 100 Trying'],
      ['terminated', 'SIP/2.0 200 OK'],
    ] as const) {
      const headers = { Event: 'refer', 'Subscription-State': state, Contact: `<${phone.uri}>`, ...FRAGMENT };
      phone.followAsCallee('NOTIFY', invite, ok, ++cseq, { headers, body });
      await phone.response(200, 'NOTIFY');
    }
    await done.promise;
    expect(reports).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 200 OK']);
  });
});

describe('a subscription', () => {
  conforms('of a phone is a dialog, in which the application notifies', async () => {
    const made = promised<Dlg>();
    await scene.app((srf) =>
      srf.subscribe((req, res) => {
        void srf.createUAS(req, res, { headers: { Expires: '60' } }).then(made.resolve);
      }),
    );
    const phone = await scene.phone();
    phone.ask('SUBSCRIBE', scene.port, { headers: { Event: 'presence', Expires: '60' } });
    const accepted = await Promise.race([phone.response(202), phone.response(200)]);
    expect(accepted.headers.get('Contact')).toBeDefined();
    const headers = { Event: 'presence', 'Subscription-State': 'active;expires=60' };
    const sent = (await made.promise).request({ method: 'NOTIFY', headers });
    phone.answer(await phone.asked('NOTIFY'), 200);
    expect((await sent).status).toBe(200);
  });
});

describe('a session timer', () => {
  conforms('is agreed on as the caller asks', async () => {
    const { ok } = await scene.answered({ Supported: 'timer', 'Session-Expires': '1800;refresher=uac' });
    expect(ok.headers.get('Session-Expires')).toMatch(/^1800;\s*refresher=uac$/);
  });

  conforms('is agreed on as the caller asks, when the server is to refresh', async () => {
    const { ok } = await scene.answered({ Supported: 'timer', 'Session-Expires': '1800;refresher=uas' });
    expect(ok.headers.get('Session-Expires')).toMatch(/^1800;\s*refresher=uas$/);
  });

  conforms('is none when nobody asks', async () => {
    const { ok } = await scene.answered();
    expect(ok.headers.has('Session-Expires')).toBe(false);
  });

  conforms('too short for a call that goes on gets 422 with the shortest possible one', async () => {
    const { phone, invite, ok } = await scene.answered();
    const Contact = `<sip:caller@${phone.address}:${phone.port}>`;
    const headers = { Supported: 'timer', 'Session-Expires': '30', Contact, 'Content-Type': 'application/sdp' };
    const again = phone.follow('INVITE', invite, ok, scene.port, { headers, body: OFFER });
    const refusal = await phone.response(422);
    expect(refusal.headers.get('Min-SE')).toBe('90');
    phone.follow('ACK', again, refusal, scene.port);
  });
});

describe('the records of calls', () => {
  function keeping(records: string[]): (srf: App) => void {
    const keep = (kind: string) => (source: string, _: string, detail: unknown) =>
      void records.push(`${kind} ${source} ${typeof detail === 'string' ? detail : ''}`.trim());
    return (srf) => {
      srf.on('cdr:attempt', keep('attempt'));
      srf.on('cdr:start', keep('start'));
      srf.on('cdr:stop', keep('stop'));
    };
  }

  async function until(count: number, records: readonly string[]): Promise<void> {
    for (const end = Date.now() + 10_000; records.length < count && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  conforms('tell of a call that came and was hung up by the caller', async () => {
    const records: string[] = [];
    const { phone, invite, ok } = await scene.answered({}, keeping(records));
    phone.follow('BYE', invite, ok, scene.port);
    await phone.response(200, 'BYE');
    await until(3, records);
    expect(records).toEqual(['attempt network', 'start application uas', 'stop network normal-release']);
  });

  conforms('tell of a call that was refused', async () => {
    const records: string[] = [];
    await scene.app((srf) => {
      keeping(records)(srf);
      srf.invite((_, res) => res.send(486));
    });
    const phone = await scene.phone();
    phone.ask('INVITE', scene.port, { body: OFFER });
    await phone.response(486);
    await until(2, records);
    expect(records).toEqual(['attempt network', 'stop application call-rejected']);
  });

  conforms('tell of a call that the application made and hung up', async () => {
    const records: string[] = [];
    const srf = await scene.app(keeping(records));
    const phone = await scene.phone();
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER });
    phone.answer(await phone.asked('INVITE'), 200, { body: ANSWER });
    await phone.asked('ACK');
    const hungUp = (await dialing).destroy();
    phone.answer(await phone.asked('BYE'), 200);
    await hungUp;
    await until(3, records);
    expect(records).toEqual(['attempt application', 'start network uac', 'stop application normal-release']);
  });

  conforms('tell of a call that was cancelled', async () => {
    const records: string[] = [];
    await scene.app((srf) => {
      keeping(records)(srf);
      srf.invite((_, res) => res.send(180));
    });
    const phone = await scene.phone();
    const invite = phone.ask('INVITE', scene.port, { body: OFFER });
    await phone.response(180);
    phone.cancel(invite, scene.port);
    await phone.response(487);
    await until(2, records);
    expect(records).toEqual(['attempt network', 'stop network call-canceled']);
  });
});
