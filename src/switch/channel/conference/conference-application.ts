// Owns the application `conference`: who may come in, and staying until somebody or something ends it.
import { parseFileString } from '../../media/audio-source.js';
import { type Application, NO_RESPONSE, type Run } from '../application.js';
import { DigitEntry } from '../applications/digit-entry.js';
import { type Controls, controlsNamed } from './caller-controls.js';
import { type Conference, MAINTENANCE } from './conference.js';
import { type JoinRequest, parseJoin } from './join-request.js';
import type { Leaving, Member } from './member.js';
import { profileNamed } from './profile.js';

/** FreeSWITCH's pin-retries, and its time for a key. */
const PIN_TRIES = 3;
const PIN_KEY_MS = 10_000;
const PIN_DIGITS_MAX = 32;
const PIN_PROMPT = 'tone_stream://%(200,100,640);%(200,0,640)';

/** `conference <name>[@profile][+pin][+flags{…}]`: ends when the member leaves. */
export const conference: Application = async (run) => {
  const { channel, control, services } = run;
  const request = parseJoin(run.argument);
  if (request === undefined) return '-ERR usage: <name>[@profile][+pin][+flags{mute|deaf|...}]';
  const existing = services.conferences.get(request.name);
  if (!(await mayJoin(run, request, existing)) || control.stopped) return NO_RESPONSE;
  const joined = services.conferences.join(channel, request);
  if (joined === undefined) return '-ERR too many conferences';
  const { member } = joined;
  const controls = controlsNamed(run.read('conference_controls') ?? profileNamed(joined.conference.profile).controls);
  const unlisten = channel.digits.listen((digit) => pressed(joined.conference, member, digit, controls));
  const how = await Promise.race([member.gone, control.whenStopped().then((): Leaving => 'left')]);
  unlisten();
  joined.conference.leave(member, how);
  return NO_RESPONSE;
};

async function mayJoin(run: Run, request: JoinRequest, existing: Conference | undefined): Promise<boolean> {
  const { channel } = run;
  if (existing === undefined) {
    if (!request.flags.has('join-only')) return true;
    const about = { 'Conference-Name': request.name, Action: 'rejected-join-only' };
    channel.emit('CUSTOM', about, { subclass: MAINTENANCE });
    return false;
  }
  if (existing.locked || existing.full) {
    channel.log.info({ conference: existing.name, locked: existing.locked }, 'conference takes nobody in');
    return false;
  }
  if (existing.pin === '' || existing.pin === request.pin) return true;
  for (let attempt = 0; attempt < PIN_TRIES && !run.control.stopped; attempt++) {
    if ((await enterPin(run, existing.pin.length)) === existing.pin) return true;
  }
  channel.log.info({ conference: existing.name }, 'wrong pin');
  return false;
}

async function enterPin(run: Run, length: number): Promise<string> {
  const { channel, control } = run;
  const entry = new DigitEntry(Math.min(length, PIN_DIGITS_MAX), '#');
  const unlisten = channel.digits.listen((digit) => entry.press(digit));
  const prompt = parseFileString(run.read('conference_pin_sound') ?? PIN_PROMPT);
  const playing = prompt.ok ? channel.leg.play(prompt.source) : undefined;
  while (!entry.complete && !control.stopped) {
    if (!(await entry.next(channel.core.clock, PIN_KEY_MS, control))) break;
    playing?.stop();
  }
  playing?.stop();
  unlisten();
  return entry.digits;
}

/** Keys that are passed on do nothing here. */
function pressed(conference: Conference, member: Member, digit: string, controls: Controls | undefined): void {
  conference.tellOf(member, 'dtmf', { 'DTMF-Key': digit });
  if (!member.flags.has('dist-dtmf')) {
    const control = controls?.get(digit);
    if (control === undefined) return;
    member.channel.variables.set('conference_last_matching_digits', digit);
    control(conference, member);
    return;
  }
  for (const other of conference.members) if (other !== member) other.channel.leg.sendDigits(digit);
}
