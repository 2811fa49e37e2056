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

const KIND: Readonly<Record<AudioRole, MediaDeviceKind>> = {
  microphone: 'audioinput',
  speaker: 'audiooutput',
  ringer: 'audiooutput',
};

/** Whether what was chosen is not plugged in. False while the browser does not tell, which is until it lets the microphone be used. */
export function isGone(
  role: AudioRole,
  id: string | undefined,
  infos: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId'>[],
): boolean {
  const known = infos.filter(({ kind, deviceId }) => kind === KIND[role] && deviceId !== '');
  return id !== undefined && known.length > 0 && !known.some(({ deviceId }) => deviceId === id);
}

function isRole(text: string): text is AudioRole {
  return text === 'microphone' || text === 'speaker' || text === 'ringer';
}
