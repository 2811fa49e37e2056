// SIPp as the callers and as the registering phones: scenarios, processes, and what they report.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../lib/free-port.js';
import { AGENT_HOST } from './agent-phones.js';
import { type CaptureRequest, EVENT_TYPE, makeCapture, replayedKeyEndMs } from './capture.js';
import { PASSWORD, SIP_HOST } from './server.js';

const CALLED = '1000';
const REGISTRATIONS_PER_SECOND = 100;
const KEY_AT_MS = 1_000;
const KEY_MS = 100;
/** Nobody speaks longer than this; the replay ends with the call. */
const SPEECH_MS = 20_000;
/** Callers who were not put through by then hang up. */
const PATIENCE_MS = 60_000;

export interface CallerStats {
  readonly started: number;
  readonly current: number;
  /** Ended as the scenario wants it: with a BYE from Hilo, which may have followed a regret. */
  readonly complete: number;
  readonly failed: number;
  /** SIPp's own names of failures → how many. */
  readonly failures: Readonly<Record<string, number>>;
  readonly retransmissions: number;
}

/** What one caller saw, Unix ms with fractions. */
export interface CallerTimes {
  readonly calledAtMs?: number;
  readonly answeredAtMs?: number;
  /** 503: turned away for the load. */
  readonly refusedAtMs?: number;
  /** When the packet with the key's end bit left. */
  readonly keyAtMs?: number;
  readonly endedAtMs?: number;
}

/** One REGISTER with digest for each agent, `agent001` …, contact at `contactPort`. */
export async function register(folder: string, server: number, agents: number, contactPort: number): Promise<void> {
  const rows = Array.from({ length: agents }, (_, index) => {
    const name = `agent${String(index + 1).padStart(3, '0')}`;
    return `${name};[authentication username=${name} password=${PASSWORD}]`;
  });
  await writeFile(join(folder, 'agents.csv'), `SEQUENTIAL\n${rows.join('\n')}\n`);
  await writeFile(join(folder, 'register.xml'), registerScenario(contactPort));
  const sipp = runSipp(folder, 'register', server, [
    ...['-i', AGENT_HOST, '-sf', 'register.xml', '-inf', 'agents.csv'],
    ...['-m', String(agents), '-r', String(REGISTRATIONS_PER_SECOND), '-timeout', '60'],
  ]);
  if ((await sipp.ended) !== 0) throw new Error(`agents could not register, see ${folder}/register.out`);
}

export interface CallersRequest {
  readonly folder: string;
  readonly server: number;
  readonly rate: number;
  readonly seconds: number;
  readonly speaking: boolean;
}

export interface Callers {
  readonly ended: Promise<number>;
  stats(): Promise<CallerStats>;
  /** By caller number; complete when SIPp has ended. */
  times(): Promise<ReadonlyMap<string, CallerTimes>>;
  stop(): void;
}

export async function startCallers(request: CallersRequest): Promise<Callers> {
  const { folder, rate, seconds } = request;
  const calls = rate * seconds;
  const key: CaptureRequest = { key: '1', keyAtMs: request.speaking ? KEY_AT_MS : 0, keyMs: KEY_MS };
  await writeFile(join(folder, 'caller.pcap'), makeCapture(request.speaking ? { ...key, speechMs: SPEECH_MS } : key));
  await writeFile(join(folder, 'callers.csv'), `SEQUENTIAL\n${callerNumbers(calls).join('\n')}\n`);
  await writeFile(join(folder, 'caller.xml'), callerScenario(request.speaking));
  const mediaPort = await freePort();
  const sipp = runSipp(folder, 'callers', request.server, [
    ...['-i', SIP_HOST, '-mi', SIP_HOST, '-mp', String(mediaPort), '-sf', 'caller.xml', '-inf', 'callers.csv'],
    ...['-m', String(calls), '-r', String(rate), '-l', String(calls), '-timer_resol', '1'],
    ...['-trace_logs', '-log_file', 'callers.log', '-trace_err', '-error_file', 'callers.errors'],
    ...['-trace_stat', '-stf', 'callers.stat', '-fd', '1'],
  ]);
  return {
    ended: sipp.ended,
    stop: sipp.stop,
    stats: async () => readStats(await textOf(join(folder, 'callers.stat'))),
    times: async () => readTimes(await textOf(join(folder, 'callers.log')), replayedKeyEndMs(key)),
  };
}

/** Its files and its screens, `<name>.out`, are in `folder`. */
export function runSipp(folder: string, name: string, server: number, args: readonly string[]) {
  // Screens go to a file: SIPp draws them even without a terminal.
  const shell = 'exec sipp "$@" > "$0.out" 2>&1';
  const command = ['-c', shell, name, `${SIP_HOST}:${server}`, '-nostdin', ...args];
  const sipp = spawn('sh', command, { cwd: folder, stdio: 'ignore' });
  const ended = once(sipp, 'exit').then(([code]): number => (typeof code === 'number' ? code : -1));
  return { ended, stop: () => void sipp.kill('SIGKILL') };
}

/** Every caller is somebody else, and nobody of an earlier run: a known customer's story differs. */
export function callerNumbers(count: number): string[] {
  const first = 600_000_000 + (Math.floor(Date.now() / 100) % 90_000_000);
  return Array.from({ length: count }, (_, index) => `+34${first + index}`);
}

function readStats(text: string): CallerStats {
  const lines = text.trimEnd().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const values = lines.length > 1 ? (lines.at(-1)?.split(';') ?? []) : [];
  const all = new Map(names.map((name, index) => [name, Number(values[index] ?? 0)]));
  const of = (name: string): number => all.get(`${name}(C)`) ?? 0;
  const failures = [...all].flatMap(([name, count]) => {
    const kind = /^Failed(.+)\(C\)$/.exec(name)?.[1];
    return kind === undefined || kind === 'Call' || count === 0 ? [] : [[kind, count] as const];
  });
  return {
    started: of('OutgoingCall'),
    current: all.get('CurrentCall') ?? 0,
    complete: of('SuccessfulCall'),
    failed: of('FailedCall'),
    failures: Object.fromEntries(failures),
    retransmissions: of('Retransmissions'),
  };
}

/** Lines `<date>\t<time>\t<Unix seconds> <event> <number>`, with `[timestamp]` in front. */
function readTimes(log: string, keyEnd: number): Map<string, CallerTimes> {
  const times = new Map<string, CallerTimes>();
  for (const line of log.split('\n')) {
    const [, seconds, event, number] = /\t(\d+\.\d+) (\w+) (\+\d+)/.exec(line) ?? [];
    if (seconds === undefined || number === undefined) continue;
    const atMs = Number(seconds) * 1000;
    const known = times.get(number) ?? {};
    if (event === 'called') times.set(number, { ...known, calledAtMs: atMs });
    else if (event === 'refused') times.set(number, { ...known, refusedAtMs: atMs });
    else if (event === 'answered') times.set(number, { ...known, answeredAtMs: atMs });
    else if (event === 'key') times.set(number, { ...known, keyAtMs: atMs + keyEnd });
    else if (event === 'ended') times.set(number, { ...known, endedAtMs: atMs });
  }
  return times;
}

async function textOf(path: string): Promise<string> {
  return existsSync(path) ? readFile(path, 'utf8') : '';
}

export const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]';
export const TAIL = 'Max-Forwards: 70\nContent-Length: 0\n';

function registerScenario(contactPort: number): string {
  const message = (cseq: number, extra: string): string => `<send retrans="500"><![CDATA[
REGISTER sip:[remote_ip] SIP/2.0
${VIA}
From: <sip:[field0]@[remote_ip]>;tag=[pid]r[call_number]
To: <sip:[field0]@[remote_ip]>
Call-ID: [call_id]
CSeq: ${cseq} REGISTER
Contact: <sip:[field0]@${AGENT_HOST}:${contactPort}>
Expires: 3600
${extra}${TAIL}
]]></send>`;
  return `<?xml version="1.0"?>
<scenario name="register">
${message(1, '')}
<recv response="401" auth="true"/>
${message(2, '[field1]\n')}
<recv response="200"/>
</scenario>
`;
}

/** The ACK to a 503; callers who were served jump over it. */
function whenRefused(from: string): string {
  return `<nop next="over"/>
<label id="refused"/>
<send><![CDATA[
ACK sip:${CALLED}@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
${from}
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
${TAIL}
]]></send>
<label id="over"/>
`;
}

function callerScenario(speaking: boolean): string {
  const log = (event: string): string => `<log message="[timestamp] ${event} [field0]"/>`;
  const from = 'From: "Caller" <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]c[call_number]';
  const replay = `${log('key')}<exec play_pcap_audio="caller.pcap"/>`;
  // Who speaks begins at once, and the key is in the speech; who does not sends nothing but the key.
  const afterAnswer = speaking
    ? `<nop><action>${replay}</action></nop>`
    : `<pause milliseconds="${KEY_AT_MS}"/><nop><action>${replay}</action></nop>`;
  return `<?xml version="1.0"?>
<scenario name="caller">
<nop><action>${log('called')}</action></nop>
<send retrans="500"><![CDATA[
INVITE sip:${CALLED}@[remote_ip]:[remote_port] SIP/2.0
${VIA}
${from}
To: <sip:${CALLED}@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 ${EVENT_TYPE}
a=rtpmap:0 PCMU/8000
a=rtpmap:${EVENT_TYPE} telephone-event/8000
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="503" optional="true" next="refused"><action>${log('refused')}</action></recv>
<recv response="200" rrs="true" timeout="${PATIENCE_MS}"><action>${log('answered')}</action></recv>
<send><![CDATA[
ACK [next_url] SIP/2.0
${VIA}
${from}
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
${TAIL}
]]></send>
${afterAnswer}
<recv request="BYE" timeout="${PATIENCE_MS}"><action>${log('ended')}</action></recv>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
${whenRefused(from)}</scenario>
`;
}
