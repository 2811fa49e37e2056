// The WebRTC host of a media worker dies by kill -9: its calls end with a cause, the next browser is served by a new one.
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { Browser } from '../../../src/sim/phone/browser.js';
import { eventually } from '../../support/servers.js';
import { type SwitchProcess, startSwitchProcess } from '../../support/switch-process.js';
import { connectApp } from '../drachtio/application.js';
import { Phone } from '../drachtio/phone.js';
import { connectMedia, type Endpoint, type Media } from '../event-socket/media-scene.js';
import { RtpPeer } from '../event-socket/rtp-peer.js';
import { heardMs } from '../event-socket/tones.js';

const LIMIT_MS = 20_000;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Call {
  readonly endpoint: Endpoint;
  /** Of the media server when it hangs up. */
  readonly cause: Promise<string | undefined>;
}

/** Calls that the application answers with media. */
async function openScene(sw: SwitchProcess) {
  let connected: (call: Call) => void = () => undefined;
  let media: Media | undefined;
  const { srf } = await connectApp(sw.drachtio.port, sw.secret, (app) => {
    app.invite(async (req, res) => {
      const { endpoint } = (await media?.connectCaller(req, res)) ?? {};
      if (endpoint === undefined) return;
      const cause = new Promise<string | undefined>((resolve) => {
        endpoint.dialog.on('destroy', (bye) => resolve(bye?.get('Reason')));
      });
      connected({ endpoint, cause });
    });
  });
  open.push({ close: () => srf.disconnect() });
  const { host: address, port } = sw.eventSocket;
  media = await connectMedia(srf, { address, port, secret: sw.secret });
  open.push({ close: () => media?.disconnect() });

  return async (offer: string, follow: (answer: string) => void): Promise<Call> => {
    const phone = await Phone.open();
    open.push(phone);
    const call = new Promise<Call>((resolve) => {
      connected = resolve;
    });
    const invite = phone.ask('INVITE', sw.sip.port, { body: offer });
    const answer = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, answer, sw.sip.port);
    follow(answer.body.toString());
    return call;
  };
}

function browser(): Browser {
  const opened = new Browser();
  open.push(opened);
  return opened;
}

/** WebRTC hosts that this switch has started and that live. */
function hostsOf(sw: SwitchProcess): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return Number(parent) === sw.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('webrtc/host-process');
    } catch {
      return false; // It ended while we looked.
    }
  });
}

test('calls of browsers end with a cause, a phone talks on, and the next browser is served', async () => {
  const sw = await startSwitchProcess();
  open.push(sw);
  const ring = await openScene(sw);
  const web = browser();
  const lost = await ring(web.offer(), (answer) => web.accept(answer));
  await web.connected;
  const rtp = await RtpPeer.open();
  open.push(rtp);
  const desk = await ring(rtp.sdp, (answer) => rtp.follow(answer));
  const [host, ...others] = hostsOf(sw);
  if (host === undefined) throw new Error('no WebRTC host');
  expect(others).toEqual([]);

  process.kill(host, 'SIGKILL');
  expect(await lost.cause).toBe('Q.850;cause=27;text="DESTINATION_OUT_OF_ORDER"');
  const next = browser();
  const { endpoint } = await ring(next.offer(), (answer) => next.accept(answer));
  await next.connected;
  expect(hostsOf(sw)).toHaveLength(1);
  expect(hostsOf(sw)).not.toContain(host);
  endpoint.play('tone_stream://%(2000,0,500)').catch(() => undefined);
  await eventually('the next browser hears', () => heardMs(next.samples, 500) >= 300, LIMIT_MS);
  desk.endpoint.play('tone_stream://%(2000,0,700)').catch(() => undefined);
  await eventually('the phone hears', () => heardMs(rtp.samples, 700) >= 300, LIMIT_MS);
  expect(sw.errors().filter((line) => line.includes('no WebRTC host'))).toHaveLength(1);
});
