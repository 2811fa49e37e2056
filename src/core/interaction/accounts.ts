// A call is known to several: to the record, the switch, the live state, the media server. What one of them knows of, and another does not.

/** A call of the record that has not ended, as far as this node told it. */
export interface OpenCall {
  readonly segment: string;
  readonly interaction: string;
  /** Absent while it is being dialled. */
  readonly callId?: string;
}

/** A line that is up at the switch. */
export interface HeldLeg {
  readonly id: string;
  readonly callId: string;
  /** Matter for which it was dialled; absent: somebody called in. */
  readonly interaction?: string;
  /** Its channel, and the media server that has it. */
  readonly channel: string;
  readonly server: string;
}

/** What each side says at about the same moment; a call on its way in or out may be known to some of them only. */
export interface Sides {
  readonly calls: readonly OpenCall[];
  /** Call-IDs of those who called in and have not hung up, answered or not. */
  readonly arrived: ReadonlySet<string>;
  readonly legs: readonly HeldLeg[];
  /** Places in queues that the live state says are held by this node. */
  readonly entries: readonly string[];
  /** Agents of whom it says that they talk on this node. */
  readonly agents: readonly { readonly agent: string; readonly entry: string; readonly interaction: string }[];
  /** Channels of this node on the media servers that answered; of the others nothing is known. */
  readonly servers: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
  readonly stories: Stories;
}

/** What the stories of this node hold. */
export interface Stories {
  /** Somebody who called in, by Call-ID. */
  tendsCall(callId: string): boolean;
  /** A matter whose customer is being called back, from the moment the call-back waits for an agent. */
  callsBack(interaction: string): boolean;
  /** A talk that outlived its node, by segment. */
  tookOver(segment: string): boolean;
  waits(entry: string): boolean;
  /** An agent's own call, or a talk that outlived its node. */
  occupies(agent: string): boolean;
}

/** One thing that a side knows and `missing` does not. `tended`: a story goes on with it, which has to end it. */
export type Discrepancy =
  | {
      readonly kind: 'call';
      readonly id: string;
      readonly interaction: string;
      readonly missing: 'leg';
      readonly tended: boolean;
    }
  | { readonly kind: 'leg'; readonly id: string; readonly missing: 'call' | 'channel' }
  | { readonly kind: 'entry'; readonly id: string; readonly missing: 'caller' }
  | { readonly kind: 'agent'; readonly id: string; readonly entry: string; readonly missing: 'leg' }
  | { readonly kind: 'channel'; readonly id: string; readonly missing: 'leg' };

export function compare(sides: Sides): readonly Discrepancy[] {
  return [...lostCalls(sides), ...strayLegs(sides), ...leftBehind(sides), ...strayChannels(sides)];
}

function lostCalls(sides: Sides): Discrepancy[] {
  const lines = new Set([...sides.arrived, ...sides.legs.map(({ callId }) => callId)]);
  const known = new Set(sides.calls.filter((call) => isKnown(call, lines, sides)).map(({ segment }) => segment));
  const matters = new Set(
    sides.calls
      .filter(({ segment, callId }) => callId !== undefined && known.has(segment))
      .map((call) => call.interaction),
  );
  return sides.calls.flatMap(({ segment: id, interaction, callId }): Discrepancy[] => {
    // Dialled out for somebody who is on the line, e.g. forwarded.
    if (known.has(id) || (callId === undefined && matters.has(interaction))) return [];
    const tended = callId !== undefined && sides.stories.tendsCall(callId);
    return [{ kind: 'call', id, interaction, missing: 'leg', tended: tended || sides.stories.callsBack(interaction) }];
  });
}

function isKnown(call: OpenCall, lines: ReadonlySet<string>, { stories }: Sides): boolean {
  const { segment, interaction, callId } = call;
  if (stories.tookOver(segment)) return true;
  return callId === undefined ? stories.callsBack(interaction) : lines.has(callId);
}

function strayLegs({ calls, legs, servers, channels, stories }: Sides): Discrepancy[] {
  const callIds = new Set(calls.map(({ callId }) => callId));
  const matters = new Set(calls.map(({ interaction }) => interaction));
  return legs.flatMap(({ id, callId, interaction, channel, server }): Discrepancy[] => {
    if (servers.has(server) && !channels.has(channel)) return [{ kind: 'leg', id, missing: 'channel' }];
    const wanted =
      interaction === undefined
        ? callIds.has(callId) || stories.tendsCall(callId)
        : matters.has(interaction) || stories.callsBack(interaction);
    return wanted ? [] : [{ kind: 'leg', id, missing: 'call' }];
  });
}

/** In the live state. An offer that rings at an agent needs no rule: it is a lease. */
function leftBehind({ entries, agents, legs, stories }: Sides): Discrepancy[] {
  const matters = new Set(legs.map(({ interaction }) => interaction));
  return [
    ...entries
      .filter((entry) => !stories.waits(entry))
      .map((id) => ({ kind: 'entry', id, missing: 'caller' }) as const),
    ...agents
      .filter(({ agent, interaction }) => !matters.has(interaction) && !stories.occupies(agent))
      .map(({ agent: id, entry }) => ({ kind: 'agent', id, entry, missing: 'leg' }) as const),
  ];
}

function strayChannels({ channels, legs }: Sides): Discrepancy[] {
  const held = new Set(legs.map(({ channel }) => channel));
  return [...channels].filter((id) => !held.has(id)).map((id) => ({ kind: 'channel', id, missing: 'leg' }));
}

/** Names it from one look to the next. */
export function nameOf(found: Discrepancy): string {
  const what = found.kind === 'agent' ? `${found.id} in ${found.entry}` : found.id;
  return `${found.kind} ${what} without ${found.missing}`;
}

/** What was found before is found still: since when (any clock, in ms), and what has been so for `graceMs`. */
export function aged(
  before: ReadonlyMap<string, number>,
  found: readonly Discrepancy[],
  nowMs: number,
  graceMs: number,
): { readonly since: ReadonlyMap<string, number>; readonly overdue: readonly Discrepancy[] } {
  const since = new Map(found.map((one) => [nameOf(one), before.get(nameOf(one)) ?? nowMs]));
  return { since, overdue: found.filter((one) => nowMs - (since.get(nameOf(one)) ?? nowMs) >= graceMs) };
}
