import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { MAX_BACKLOG_BYTES } from '../../../src/switch/control/drachtio/app-connection.js';
import { MAX_WAITING_FOR_PRACK } from '../../../src/switch/control/exchange/app-responses.js';
import { MAX_WAITING_FOR_ACK } from '../../../src/switch/control/exchange/dialog-requests.js';
import { MAX_FORKS, MAX_RELIABLE_LEGS } from '../../../src/switch/control/exchange/outgoing.js';
import { FlowTable, MAX_FLOWS } from '../../../src/switch/control/exchange/tables.js';
import { OFFER, type Phone } from './phone.js';
import { RawApp } from './raw-app.js';
import { Scene, SECRET } from './scene.js';

describe('no table and no queue grows without end', () => {
  let scene: Scene;
  let phone: Phone;
  let app: RawApp;

  const open = async (maxPending?: number): Promise<void> => {
    scene = await Scene.open(maxPending === undefined ? {} : { maxPending });
    phone = await scene.phone();
    app = await RawApp.open(scene.server.address.port, SECRET);
    for (const verb of ['invite', 'message']) await app.ask(`route|${verb}`);
  };
  beforeEach(() => open());
  afterEach(async () => {
    app?.destroy();
    await scene?.close();
  });

  const times = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

  it('requests under way, in both directions', async () => {
    app.destroy();
    await scene.close();
    await open(2);
    for (const _ of times(2)) phone.ask('INVITE', scene.sipPort);
    for (const _ of times(2)) await app.told('INVITE');
    phone.ask('INVITE', scene.sipPort);
    await phone.response(503, 'INVITE');
    const options = `sip||\r\nOPTIONS ${phone.uri} SIP/2.0\r\n\r\n`;
    for (const _ of times(2)) expect((await app.ask(options))[0]).toBe('OK');
    expect(await app.ask(options)).toEqual(['NOK', 'too many requests under way']);
  });

  it('frames that an application does not read', async () => {
    app.pause();
    const body = 'x'.repeat(60_000);
    const enough = (2 * MAX_BACKLOG_BYTES) / body.length;
    let sent = 0;
    while (scene.server.snapshot().applications.length > 0 && sent++ < enough) {
      phone.ask('MESSAGE', scene.sipPort, { body });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await scene.until('cut off', () => scene.server.snapshot().applications.length === 0);
  });

  it('requests that wait for the ACK of a call', async () => {
    phone.ask('INVITE', scene.sipPort, { body: OFFER });
    const { tokens } = await app.told('INVITE');
    const echo = await app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\ncseq: 1 INVITE\r\n\r\n${OFFER}`);
    const bye = `sip||${echo[8]}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`;
    for (const _ of times(MAX_WAITING_FOR_ACK)) app.send(bye);
    expect(await app.ask(bye)).toEqual(['NOK', 'Server error: too many requests wait for ACK']);
  });

  it('responses that wait for a PRACK', async () => {
    phone.ask('INVITE', scene.sipPort, { headers: { Supported: '100rel' } });
    const { tokens } = await app.told('INVITE');
    const progress = `sip|${tokens[8]}|\r\nSIP/2.0 183 Progress\r\nRequire: 100rel\r\ncseq: 1 INVITE\r\n\r\n`;
    expect((await app.ask(progress))[0]).toBe('OK');
    for (const _ of times(MAX_WAITING_FOR_PRACK)) app.send(progress);
    expect(await app.ask(progress)).toEqual(['NOK', 'too many responses wait for PRACK']);
  });

  it('reliable provisional responses of one callee', async () => {
    app.send(`sip||\r\nINVITE ${phone.uri} SIP/2.0\r\n\r\n`);
    const invite = await phone.asked('INVITE');
    const dialogs: string[] = [];
    for (const rseq of times(MAX_RELIABLE_LEGS + 1)) {
      phone.answer(invite, 183, { headers: { RSeq: String(rseq), Require: '100rel' } });
      dialogs.push((await app.told('183')).tokens[9] ?? '');
    }
    const prack = (rseq: number): Promise<readonly string[]> =>
      app.ask(`sip||${dialogs[0]}\r\nPRACK ${phone.uri} SIP/2.0\r\nrack: ${rseq} 1 INVITE\r\n\r\n`);
    expect((await prack(MAX_RELIABLE_LEGS))[0]).toBe('OK');
    expect((await prack(MAX_RELIABLE_LEGS + 1))[0]).toBe('NOK');
  });

  it('phones that answer the same call', async () => {
    app.send(`sip||\r\nINVITE ${phone.uri} SIP/2.0\r\n\r\n`);
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 200, { body: OFFER });
    for (const fork of times(MAX_FORKS)) {
      phone.answer(invite, 200, { body: OFFER, headers: { 'To-Tag': `fork${fork}` } });
      await phone.asked('ACK');
      phone.answer(await phone.asked('BYE'), 200);
    }
    phone.answer(invite, 200, { body: OFFER, headers: { 'To-Tag': 'onemore' } });
    phone.ask('OPTIONS', scene.sipPort);
    await phone.response(503);
    expect(phone.unread).toEqual([]);
  });

  it('connections of registered phones: the oldest makes room', () => {
    const flows = new FlowTable(new FakeClock());
    const peer = { transport: 'tcp', address: '127.0.0.1', port: 1, connectionId: 'c' } as const;
    for (const n of times(MAX_FLOWS + 1))
      flows.remember({ contact: `sip:${n}@h.invalid`, of: 'sip:ann@h' }, peer, 60_000);
    expect(flows.size).toBe(MAX_FLOWS);
    expect([flows.find('sip:1@h.invalid'), flows.find('sip:2@h.invalid')]).toEqual([undefined, peer]);
  });
});
