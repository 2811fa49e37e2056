// The media server's own SIP over TLS: told in `sofia status`, with the switch's certificate, OPTIONS answered.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { type Certificates, openCertificates } from '../../../src/switch/certificates.js';
import { openTls } from '../../../src/switch/sip/transport/tls.js';
import { openUdp } from '../../../src/switch/sip/transport/udp.js';
import { MediaScene } from '../event-socket/media-scene.js';

const folder = mkdtempSync(join(tmpdir(), 'hilo-tls-'));
let certificates: Certificates;
let scene: MediaScene;
beforeAll(async () => {
  certificates = await openCertificates({ folder, hosts: ['127.0.0.1'], clock: systemClock, log: silentLog });
  const transports = { udp: openUdp, tls: openTls({ context: certificates.context }) };
  scene = await MediaScene.open({ sip: { address: '127.0.0.1', port: 0, transports } });
});
afterAll(async () => {
  await scene?.close();
  certificates?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the client of the event socket finds both addresses', async () => {
  const { sipPort, sipsPort } = scene.server;
  expect(scene.media.sip.ipv4).toMatchObject({
    udp: { address: `127.0.0.1:${sipPort}` },
    dtls: { address: `127.0.0.1:${sipsPort}` },
  });
  const lines = (await scene.media.api('sofia status')).split('\n').filter((line) => line.includes('mod_sofia'));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/RUNNING \(0\)$/);
  expect(lines[1]).toMatch(/RUNNING \(0\) \(TLS\)$/);
});

test('a peer that trusts the certificate of the switch is answered', async () => {
  const ca = readFileSync(certificates.files.cert);
  const socket = connect({ host: '127.0.0.1', port: scene.server.sipsPort ?? 0, ca });
  const answered = new Promise<string>((resolve, reject) => {
    socket.on('error', reject);
    socket.once('data', (data) => resolve(data.toString()));
  });
  socket.write(
    [
      'OPTIONS sip:mod_sofia@127.0.0.1 SIP/2.0',
      'Via: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bKsecure',
      'Max-Forwards: 70',
      'From: <sip:a@127.0.0.1>;tag=a',
      'To: <sip:mod_sofia@127.0.0.1>',
      'Call-ID: secure',
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
  expect(await answered).toMatch(/^SIP\/2.0 200 /);
  expect(socket.authorized).toBe(true);
  socket.destroy();
});
