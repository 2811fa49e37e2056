// SIPp's scenarios as XML: phones that register, callers of the story, callers who wait.
import { AGENT_HOST } from './agent-phones.js';
import { EVENT_TYPE } from './capture.js';

const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]';
const TAIL = 'Max-Forwards: 70\nContent-Length: 0\n';
const SERVER = '[remote_ip]:[remote_port]';

/** REGISTER with digest; the file of callers gives name and credentials. */
export function registerScenario(contactPort: number): string {
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

export interface CallerStory {
  readonly called: string;
  /** The replay begins with the answer, and the key is in it; else it is nothing but the key. */
  readonly speaking: boolean;
  readonly keyAtMs: number;
  /** Who is not put through by then hangs up. */
  readonly patienceMs: number;
}

/** INVITE, key, BYE by Hilo; a 503 ends it. Logs what happens and when, with the caller's number. */
export function callerScenario({ called, speaking, keyAtMs, patienceMs }: CallerStory): string {
  const log = (event: string): string => `<log message="[timestamp] ${event} [field0]"/>`;
  const caller: Caller = { called, mark: 'c', address: '[media_ip]', port: '[media_port]', hasKeys: true };
  const replay = `${log('key')}<exec play_pcap_audio="caller.pcap"/>`;
  const wait = speaking ? '' : `<pause milliseconds="${keyAtMs}"/>`;
  return `<?xml version="1.0"?>
<scenario name="caller">
<nop><action>${log('called')}</action></nop>
${inviteOf(caller)}
<recv response="503" optional="true" next="refused"><action>${log('refused')}</action></recv>
<recv response="200" rrs="true" timeout="${patienceMs}"><action>${log('answered')}</action></recv>
${ackOf(caller)}
${wait}<nop><action>${replay}</action></nop>
<recv request="BYE" timeout="${patienceMs}"><action>${log('ended')}</action></recv>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<nop next="over"/>
<label id="refused"/>
<send><![CDATA[
ACK sip:${called}@${SERVER} SIP/2.0
[last_Via:]
${fromOf(caller)}
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
${TAIL}
]]></send>
<label id="over"/>
</scenario>
`;
}

export interface HolderStory {
  readonly called: string;
  /** Where its media is: the file of callers has the port beside the number. */
  readonly mediaHost: string;
  readonly answerLimitMs: number;
  readonly holdMs: number;
}

/** Calls, waits, hangs up; logs `answered`. */
export function holderScenario({ called, mediaHost, answerLimitMs, holdMs }: HolderStory): string {
  const caller: Caller = { called, mark: 'h', address: mediaHost, port: '[field1]', hasKeys: false };
  return `<?xml version="1.0"?>
<scenario name="holder">
${inviteOf(caller)}
<recv response="200" rrs="true" timeout="${answerLimitMs}"><action><log message="answered"/></action></recv>
${ackOf(caller)}
<pause milliseconds="${holdMs}"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
${VIA}
${fromOf(caller)}
[last_To:]
Call-ID: [call_id]
CSeq: 2 BYE
${TAIL}
]]></send>
<recv response="200"/>
</scenario>
`;
}

interface Caller {
  readonly called: string;
  /** In the From tag, so that the scenarios of one process never share one. */
  readonly mark: string;
  readonly address: string;
  readonly port: string;
  readonly hasKeys: boolean;
}

function fromOf({ mark }: Caller): string {
  return `From: "Caller" <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]${mark}[call_number]`;
}

/** With the provisional responses that may come. */
function inviteOf(caller: Caller): string {
  const { called, address, port, hasKeys } = caller;
  const audio = hasKeys ? `0 ${EVENT_TYPE}\na=rtpmap:${EVENT_TYPE} telephone-event/8000` : '0';
  return `<send retrans="500"><![CDATA[
INVITE sip:${called}@${SERVER} SIP/2.0
${VIA}
${fromOf(caller)}
To: <sip:${called}@${SERVER}>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 ${address}
t=0 0
m=audio ${port} RTP/AVP ${audio}
a=rtpmap:0 PCMU/8000
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>`;
}

function ackOf(caller: Caller): string {
  return `<send><![CDATA[
ACK [next_url] SIP/2.0
${VIA}
${fromOf(caller)}
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
${TAIL}
]]></send>`;
}
