// The row of OPTIONS: how many the media server answers itself, for a second of processor.
import { systemIds } from '../../../lib/ids.js';
import { askMediaPort } from '../../fuzz/media-port.js';
import { PlainApplication } from '../../fuzz/plain-application.js';
import { cpuSecondsOf, startSwitch } from '../../fuzz/switch-under-test.js';
import type { RealPair } from '../real-pair.js';
import { loadWithOptions } from '../sip-load.js';
import { type Bench, type Measured, percent } from './measurement.js';

const QUICK_SECONDS = 4;
const SECONDS = 15;
const UNDER_WAY = 200;

interface Answering {
  readonly perCpuSecond: number;
  readonly how: string;
}

export async function measureOptions(bench: Bench): Promise<Measured> {
  const server = await startSwitch(bench.folder, { HILO_SIP_RATE: 'off' });
  try {
    const own = await answering(bench, await askMediaPort(server), server.pid);
    const { drachtioPort: port, secret } = server;
    const host = '127.0.0.1';
    const application = await PlainApplication.open({ host, port, secret, verbs: ['options'], ids: systemIds });
    try {
      const asked = await answering(bench, server.sipPort('udp'), server.pid);
      const how = `${own.how}; by an application: ${asked.perCpuSecond.toFixed(0)} per CPU second`;
      return { value: Math.floor(own.perCpuSecond), bounded: false, how };
    } finally {
      application.close();
    }
  } finally {
    await server.close();
  }
}

/** FreeSWITCH answers as our media server does. */
export async function measureRealOptions(bench: Bench, { freeswitch, pids }: RealPair): Promise<Measured> {
  const { port: eventSocketPort, secret } = freeswitch;
  const { perCpuSecond, how } = await answering(bench, await askMediaPort({ eventSocketPort, secret }), pids[1] ?? 0);
  return { value: Math.floor(perCpuSecond), bounded: false, how };
}

async function answering(bench: Bench, port: number, pid: number): Promise<Answering> {
  bench.tell(`OPTIONS to port ${port}`);
  const before = cpuSecondsOf(pid);
  const load = await loadWithOptions(port, bench.quick ? QUICK_SECONDS : SECONDS, UNDER_WAY);
  const cpu = cpuSecondsOf(pid) - before;
  const { answered, refused, lost, seconds } = load;
  const whole = answered + refused + lost;
  const how = `${(answered / seconds).toFixed(0)}/s at ${percent(cpu, seconds)} of a core, ${percent(answered, whole)} answered 200`;
  return { perCpuSecond: answered / Math.max(cpu, 0.01), how };
}
