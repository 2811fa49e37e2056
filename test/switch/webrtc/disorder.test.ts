// WebRTC with browsers that do it wrong, vanish, or never were: an answer or an end with a cause, and nothing left over.
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { Browser } from '../../../src/sim/phone/browser.js';
import type { WebReport } from '../../../src/switch/webrtc/messages.js';
import { openWebHost, type WebHost } from '../../../src/switch/webrtc/web-host.js';
import type { WebParty } from '../../../src/switch/webrtc/web-party.js';
import { CONNECT_LIMIT_MS } from '../../../src/switch/webrtc/web-peer.js';

const clock = new FakeClock();
const reports: WebReport[] = [];
const browsers: Browser[] = [];
let host: WebHost;
let port = 0;
let lastPeer = 0;

beforeAll(async () => {
  host = await openWebHost({ address: '127.0.0.1', port: 0 }, clock, {
    onReport: (report) => {
      if (report.type === 'ready') port = report.port;
      else reports.push(report);
    },
    onPacket: () => undefined,
  });
});
afterEach(() => {
  for (const browser of browsers.splice(0)) browser.close();
  reports.length = 0;
});
afterAll(() => host?.close());

function open(): Browser {
  const browser = new Browser();
  browsers.push(browser);
  return browser;
}

function partyOf(sdp: string): WebParty {
  const find = (name: string): string => new RegExp(`^a=${name}:(.*?)\r?$`, 'm').exec(sdp)?.[1] ?? '';
  const [algorithm = '', octets = ''] = find('fingerprint').split(' ');
  return {
    ufrag: find('ice-ufrag'),
    pwd: find('ice-pwd'),
    fingerprint: `${algorithm} ${octets}`,
    setup: find('setup') as WebParty['setup'],
    candidates: [],
  };
}

/** What the signalling would make of our part for this browser. */
function answerText(offer: string, { ufrag, pwd, fingerprint, setup, candidates }: WebParty): string {
  return offer
    .replace(/a=ice-ufrag:.*\r\n/, `a=ice-ufrag:${ufrag}\r\n`)
    .replace(/a=ice-pwd:.*\r\n/, `a=ice-pwd:${pwd}\r\n`)
    .replace(/a=fingerprint:.*\r\n/, `a=fingerprint:${fingerprint}\r\n`)
    .replace(/a=setup:.*\r\n/, `a=setup:${setup}\r\n${candidates.map((one) => `a=candidate:${one}\r\n`).join('')}`);
}

function openPeer(): number {
  const peer = ++lastPeer;
  host.handle({ type: 'open', peer });
  return peer;
}

function describePeer(peer: number, party?: WebParty): WebReport | undefined {
  const about = { type: 'describe', peer, id: 1 } as const;
  host.handle(party === undefined ? about : { ...about, remote: { party } });
  return reports.at(-1);
}

async function reported(what: string, isIt: (report: WebReport) => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!reports.some(isIt)) {
    if (Date.now() > end) throw new Error(`not in time: ${what}; reported ${JSON.stringify(reports)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function connect(change: (party: WebParty) => WebParty = (party) => party): Promise<[number, Browser]> {
  const [peer, browser] = [openPeer(), open()];
  const offer = browser.offer();
  const described = describePeer(peer, change(partyOf(offer)));
  if (described?.type !== 'described') throw new Error(JSON.stringify(described));
  browser.accept(answerText(offer, described.party));
  return [peer, browser];
}

describe('a browser', () => {
  test('whose certificate is not the one it announced is not connected', async () => {
    const [peer] = await connect((party) => ({ ...party, fingerprint: `sha-256 ${'00:'.repeat(31)}00` }));
    await reported('the failure', (report) => report.type === 'failed' && report.peer === peer);
    expect(reports.some(({ type }) => type === 'connected')).toBe(false);
  });

  test('that does not know our password is not connected, and is given up in time', async () => {
    const [peer, browser] = [openPeer(), open()];
    const offer = browser.offer();
    const described = describePeer(peer, partyOf(offer));
    if (described?.type !== 'described') throw new Error('not described');
    browser.accept(answerText(offer, { ...described.party, pwd: 'x'.repeat(22) }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(reports.some(({ type }) => type === 'connected')).toBe(false);
    clock.advance(CONNECT_LIMIT_MS);
    expect(reports.at(-1)).toEqual({ type: 'failed', peer, reason: `no WebRTC connection in ${CONNECT_LIMIT_MS} ms` });
    expect(clock.pending).toBe(0);
  });

  test('that never comes is given up in time; one that rings is waited for', () => {
    const called = openPeer();
    expect(describePeer(called)?.type).toBe('described');
    clock.advance(CONNECT_LIMIT_MS * 10);
    expect(reports.at(-1)?.type).toBe('described');
    const peer = openPeer();
    describePeer(peer, partyOf(open().offer()));
    clock.advance(CONNECT_LIMIT_MS);
    expect(reports.at(-1)).toMatchObject({ type: 'failed', peer });
    host.handle({ type: 'close', peer: called });
  });

  test('whose leg is closed meanwhile hears no more of it, and nobody of us', async () => {
    const [peer] = await connect();
    host.handle({ type: 'close', peer });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(reports.filter(({ type }) => type !== 'described')).toEqual([]);
    expect(describePeer(peer)).toMatchObject({ type: 'refused', reason: 'no such connection' });
    expect(host.size).toBe(0);
  });
});

test('rubbish at the port changes nothing', async () => {
  const socket = createSocket('udp4');
  for (let size = 0; size < 300; size += 7) socket.send(randomBytes(size), port, '127.0.0.1');
  const stun = Buffer.concat([Buffer.from('000100002112a442', 'hex'), randomBytes(12)]);
  for (let count = 0; count < 100; count++) socket.send(stun, port, '127.0.0.1');
  const [peer] = await connect();
  await reported('the connection', (report) => report.type === 'connected' && report.peer === peer);
  host.handle({ type: 'close', peer });
  socket.close();
});

test('200 connections that are opened and closed leave nothing behind', async () => {
  const party = partyOf(open().offer());
  const round = (): void => {
    const peers = Array.from({ length: 50 }, openPeer);
    for (const peer of peers) describePeer(peer, { ...party, ufrag: `u${randomBytes(4).toString('hex')}` });
    for (const peer of peers) host.handle({ type: 'close', peer });
  };
  round();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = process.getActiveResourcesInfo().length;
  for (let count = 0; count < 4; count++) round();
  const end = Date.now() + 10_000;
  while (process.getActiveResourcesInfo().length > before && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
  expect(host.size).toBe(0);
  expect(clock.pending).toBe(0);
});
