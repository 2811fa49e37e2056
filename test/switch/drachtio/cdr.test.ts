import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from './application.js';
import { OFFER, type Phone } from './phone.js';
import { Scene } from './scene.js';

describe('the records of calls', () => {
  let scene: Scene;
  let phone: Phone;
  let records: string[];

  beforeEach(async () => {
    records = [];
    scene = await Scene.open();
    phone = await scene.phone();
  });
  afterEach(() => scene?.close());

  function listen(app: App): void {
    const keep = (kind: string) => (source: string, time: string, detail: unknown) => {
      expect(time).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
      records.push([kind, source, typeof detail === 'string' ? detail : ''].join(' ').trim());
    };
    app.on('cdr:attempt', keep('attempt'));
    app.on('cdr:start', keep('start'));
    app.on('cdr:stop', keep('stop'));
  }

  async function app(prepare: (app: App) => void = () => undefined): Promise<App> {
    const { srf } = await scene.app((own) => {
      listen(own);
      prepare(own);
    });
    await scene.until('the routes are known', () => JSON.stringify(scene.server.snapshot()).includes('cdr:stop'));
    return srf;
  }

  const recorded = (count: number) => scene.until(`${count} records: ${records}`, () => records.length >= count);

  it('tell of a call that came, was answered, and was hung up by the caller', async () => {
    await app((own) => own.invite((req, res) => void own.createUAS(req, res, { localSdp: OFFER })));
    const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER });
    const ok = await phone.response(200);
    phone.follow('ACK', invite, ok, scene.sipPort);
    phone.follow('BYE', invite, ok, scene.sipPort);
    await phone.response(200, 'BYE');
    await recorded(3);
    expect(records).toEqual(['attempt network', 'start application uas', 'stop network normal-release']);
  });

  it('tell of a call that was refused, and of one that was cancelled', async () => {
    await app((own) => own.invite((req, res) => (req.has('X-Busy') ? res.send(486) : res.send(180))));
    phone.ask('INVITE', scene.sipPort, { headers: { 'X-Busy': 'yes' } });
    await phone.response(486);
    await recorded(2);
    const invite = phone.ask('INVITE', scene.sipPort);
    await phone.response(180);
    phone.cancel(invite, scene.sipPort);
    await phone.response(487);
    await recorded(4);
    expect(records).toEqual([
      'attempt network',
      'stop application call-rejected',
      'attempt network',
      'stop network call-canceled',
    ]);
  });

  it('tell of a call that the application made and hung up', async () => {
    const own = await app();
    const dialing = own.createUAC(phone.uri, { localSdp: OFFER });
    phone.answer(await phone.asked('INVITE'), 200, { body: OFFER });
    const hungUp = (await dialing).destroy();
    phone.answer(await phone.asked('BYE'), 200);
    await hungUp;
    await recorded(3);
    expect(records).toEqual(['attempt application', 'start network uac', 'stop application normal-release']);
  });

  it('tell of a call that the application made in vain', async () => {
    const own = await app();
    const dialing = own.createUAC(phone.uri, { localSdp: OFFER });
    phone.answer(await phone.asked('INVITE'), 480);
    await expect(dialing).rejects.toMatchObject({ status: 480 });
    await recorded(2);
    expect(records).toEqual(['attempt application', 'stop network call-rejected']);
  });

  it('tell that the server itself has ended a call', async () => {
    await app((own) => own.invite((req, res) => void own.createUAS(req, res, { localSdp: OFFER })));
    phone.ask('INVITE', scene.sipPort, { body: OFFER });
    await phone.response(200);
    await recorded(2);
    scene.clock.advance(32_000);
    await phone.asked('BYE');
    await recorded(3);
    expect(records.at(-1)).toBe('stop application system-error-initiated-termination');
  });

  it('tell both sides of a call that was passed on', async () => {
    const other = await scene.phone();
    await app((own) => own.invite((req) => void own.proxyRequest(req, other.uri, { remainInDialog: true })));
    const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER });
    const onward = await other.asked('INVITE');
    const [route = ''] = onward.headers.all('Record-Route');
    other.answer(onward, 200, { headers: { 'Record-Route': route } });
    const ok = await phone.response(200);
    phone.follow('BYE', invite, ok, scene.sipPort, { headers: { Route: route } });
    other.answer(await other.asked('BYE'), 200);
    await recorded(4);
    expect(records).toEqual([
      'attempt network',
      'start network proxy-uac',
      'start application proxy-uas',
      'stop network normal-release',
    ]);
  });

  it('go to one of those that asked, in turn', async () => {
    const [first, second]: string[][] = [[], []];
    for (const kept of [first, second]) {
      await scene.app((own) => own.on('cdr:attempt', (source) => void kept?.push(source)));
    }
    await scene.app((own) => own.invite((_, res) => res.send(486)));
    const known = () => JSON.stringify(scene.server.snapshot());
    await scene.until(
      'all routes are known',
      () => known().split('cdr:attempt').length === 3 && known().includes('invite'),
    );
    for (let call = 0; call < 4; call++) {
      phone.ask('INVITE', scene.sipPort);
      await phone.response(486);
    }
    await scene.until('all are told', () => (first?.length ?? 0) + (second?.length ?? 0) === 4);
    expect([first?.length, second?.length]).toEqual([2, 2]);
  });
});
