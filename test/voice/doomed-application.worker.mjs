// The thread of doomed-application.ts.
import { parentPort, workerData } from 'node:worker_threads';

const { dist, sw, gatewayPort, words, onHold } = workerData;
const from = (path) => import(new URL(path, dist).href);
const { VoiceTelephony } = await from('voice/telephony.js');
const { systemClock } = await from('lib/clock.js');
const { systemIds } = await from('lib/ids.js');
const { silentLog } = await from('lib/log.js');

const nothing = () => Promise.resolve();
const outbound = { host: '127.0.0.2', port: gatewayPort, transport: 'udp' };
const telephony = new VoiceTelephony({
  node: 'dead',
  drachtio: [{ ...sw.drachtio, secret: sw.secret }],
  freeswitch: [{ ...sw.eventSocket, secret: sw.secret }],
  profile: 'drachtio_mrf',
  eventSocket: { listenAddress: '127.0.0.1' },
  realm: 'hilo',
  nonceKey: 'key',
  trunks: () => [{ name: 'lab', peers: ['127.0.0.1'], callerId: '+34910000000', outbound }],
  devices: { secretsOf: () => [], agentOf: () => undefined, trunkOf: () => undefined, isVisitor: () => false },
  registrations: { put: nothing, remove: nothing, of: async () => [], all: async () => [] },
  clock: systemClock,
  ids: systemIds,
  log: silentLog,
});
/** This is answered after what was set without being waited for. */
const settled = (leg) => leg.recordCall(`${sw.folder}/${leg.id}.wav`);
let callers = 0;
telephony.onCall(async (call) => {
  callers += 1;
  const isFirst = callers === 1;
  const leg = await call.answer();
  if (!isFirst) {
    await leg.startMusic('moh');
    await settled(leg);
    parentPort.postMessage('waiting');
    return;
  }
  const outcome = await telephony.dial({
    targets: [{ kind: 'number', number: '+34600000001', trunk: 'lab' }],
    order: 'together',
    ringMs: 10_000,
    from: { number: '1', name: '' },
    headers: {},
    signal: new AbortController().signal,
    beside: leg,
  });
  await leg.bridge(outcome.leg, words);
  if (onHold) {
    await leg.unbridge();
    await leg.startMusic('moh');
  }
  await settled(leg);
  parentPort.postMessage('talking');
});
await telephony.start();
parentPort.postMessage('ready');
