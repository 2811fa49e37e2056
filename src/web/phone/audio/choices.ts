// Which microphone and speakers this browser uses; kept here, because they are parts of this machine.

export interface AudioChoices {
  /** Ids as the browser gives them; absent: its default. */
  readonly microphone?: string;
  readonly speaker?: string;
  /** Where it rings: loudspeakers while the headset lies on the table. */
  readonly ringer?: string;
}

export type AudioRole = keyof AudioChoices;

const KEPT_AS = 'hilo-audio';

export function readChoices(storage: Pick<Storage, 'getItem'> = localStorage): AudioChoices {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEPT_AS) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    const entries = Object.entries(kept).filter(([role, id]) => isRole(role) && typeof id === 'string' && id !== '');
    return Object.fromEntries(entries);
  } catch {
    // Written by somebody else: as if nothing was chosen.
    return {};
  }
}

export function keepChoices(choices: AudioChoices, storage: Pick<Storage, 'setItem'> = localStorage): void {
  storage.setItem(KEPT_AS, JSON.stringify(choices));
}

/** `''`: the browser's default again. */
export function withChoice(choices: AudioChoices, role: AudioRole, id: string): AudioChoices {
  const { [role]: _was, ...others } = choices;
  return id === '' ? others : { ...others, [role]: id };
}

function isRole(text: string): text is AudioRole {
  return text === 'microphone' || text === 'speaker' || text === 'ringer';
}
