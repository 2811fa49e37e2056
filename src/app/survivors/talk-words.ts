// What the switch keeps of a talk in our own words: enough to go on with it when this node is dead.

export interface TalkWords {
  readonly interaction: string;
  readonly segment: string;
  /** Names the agent's call for the live state. */
  readonly entry: string;
  /** Absent: the other side is an outside number. */
  readonly agent?: string;
  readonly queue?: string;
  /** The agent from whose own device the call comes. */
  readonly fromAgent?: string;
}

export function writeTalkWords(words: TalkWords): string {
  return JSON.stringify(words);
}

/** undefined: not of ours. */
export function readTalkWords(text: string | undefined): TalkWords | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { interaction, segment, entry, agent, queue, fromAgent } = value as Record<string, unknown>;
  if (typeof interaction !== 'string' || typeof segment !== 'string' || typeof entry !== 'string') return undefined;
  return {
    ...{ interaction, segment, entry },
    ...(typeof agent === 'string' ? { agent } : {}),
    ...(typeof queue === 'string' ? { queue } : {}),
    ...(typeof fromAgent === 'string' ? { fromAgent } : {}),
  };
}
