// What the registrar makes of a browser whose connection is gone, told by the SIP server itself.
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import { describe, expect, it } from 'vitest';
import type { Registration } from '../../../src/app/ports.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { REGISTRAR_LIMITS } from '../../../src/voice/registrar/bindings.js';
import { Location } from '../../../src/voice/registrar/location.js';
import { Registrar } from '../../../src/voice/registrar/registrar.js';

function setUp() {
  const clock = new FakeClock();
  const removed: string[] = [];
  const store = {
    put: async () => undefined,
    remove: async (_device: string, contact = '') => void removed.push(contact),
    of: async () => [],
    all: async () => [],
  };
  const location = new Location(store, clock, silentLog);
  const changes: string[] = [];
  location.onChange((device, registered) => changes.push(`${device} ${registered}`));
  const asked: string[] = [];
  const authentication = {
    device: (_req: unknown, _res: unknown, claimed: string) => {
      asked.push(claimed);
      return claimed;
    },
  };
  const parts = { authentication, location, limits: REGISTRAR_LIMITS, clock, log: silentLog };
  const registrar = new Registrar(parts as never);
  const answers: unknown[] = [];
  const send = (source: 'network' | 'application', contact: string): void => {
    const headers: Record<string, string> = {
      to: '<sip:ana-web@127.0.0.1>',
      cseq: '1 REGISTER',
      'call-id': contact,
      contact,
    };
    const address = { source_address: '127.0.0.1', source_port: 40_000, protocol: 'tcp' };
    const req = { source, ...address, get: (name: string) => headers[name.toLowerCase()] };
    const res = { send: (status: number, options?: unknown) => answers.push([status, options]) };
    registrar.handle(req as unknown as SrfRequest, res as unknown as SrfResponse, 'switch:9022');
  };
  const contacts = (): readonly string[] => location.of('ana-web').map(({ contact }: Registration) => contact);
  return { send, contacts, changes, removed, asked, answers };
}

const FLOW = ';reg-id=1;+sip.instance="<urn:uuid:1-2>"';

describe('a browser', () => {
  it('whose page was loaded anew has one contact, the new one, and is told which it is', () => {
    const { send, contacts, answers } = setUp();
    send('network', `<sip:old@a.invalid;transport=ws>${FLOW}`);
    send('network', `<sip:new@b.invalid;transport=ws>${FLOW}`);
    expect(contacts()).toEqual(['sip:new@b.invalid;transport=ws']);
    expect(JSON.stringify(answers[1])).toContain('+sip.instance=\\"<urn:uuid:1-2>\\";reg-id=1');
  });

  it('whose connection is gone rings no more, and its other phone does', () => {
    const { send, contacts, changes, removed, asked } = setUp();
    send('network', '<sip:tab@a.invalid;transport=ws>');
    send('network', '<sip:desk@192.0.2.1>');
    send('application', '<sip:tab@a.invalid;transport=ws>;expires=0');
    expect(contacts()).toEqual(['sip:desk@192.0.2.1']);
    expect(removed).toEqual(['sip:tab@a.invalid;transport=ws']);
    send('application', '<sip:desk@192.0.2.1>;expires=0');
    expect(changes).toEqual(['ana-web true', 'ana-web false']);
    // Nobody has to prove that: the SIP server itself says it.
    expect(asked).toHaveLength(2);
  });

  it('is not touched by what is said of a contact that it does not have', () => {
    const { send, contacts, changes } = setUp();
    send('network', '<sip:tab@a.invalid;transport=ws>');
    send('application', '<sip:other@b.invalid;transport=ws>;expires=0');
    send('application', '*');
    expect(contacts()).toHaveLength(1);
    expect(changes).toEqual(['ana-web true']);
  });
});
