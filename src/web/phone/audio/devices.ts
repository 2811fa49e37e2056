// The microphones and speakers this browser can use now, and the voice at the chosen microphone.
import { useEffect, useState } from 'react';
import { watchLevel } from './level.js';
import { closeStream, openMicrophone } from './microphone.js';

export interface AudioDevice {
  readonly id: string;
  /** '' until the microphone was allowed. */
  readonly label: string;
}

export interface AudioDevices {
  readonly microphones: readonly AudioDevice[];
  readonly speakers: readonly AudioDevice[];
}

/** Those with an id of their own: the browser's default is no choice. */
export function sorted(infos: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]): AudioDevices {
  const of = (kind: MediaDeviceKind): AudioDevice[] =>
    infos
      .filter((info) => info.kind === kind && !['', 'default', 'communications'].includes(info.deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: of('audioinput'), speakers: of('audiooutput') };
}

/** New whenever something is plugged in or out; `asked`: looked at again, because ids and labels come with the permission. */
export function useDeviceInfos(asked: unknown): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again when `asked` changes
  useEffect(() => {
    const { mediaDevices } = navigator;
    // Only pages that came over a safe way have them.
    if (mediaDevices === undefined) return undefined;
    let isShown = true;
    const look = (): void => {
      void mediaDevices.enumerateDevices().then((infos) => {
        if (isShown) setDevices(infos);
      });
    };
    look();
    mediaDevices.addEventListener('devicechange', look);
    return () => {
      isShown = false;
      mediaDevices.removeEventListener('devicechange', look);
    };
  }, [asked]);
  return devices;
}

export type Voice =
  | { readonly state: 'asking' }
  | { readonly state: 'heard'; readonly level: number }
  | { readonly state: 'failed'; readonly reason: 'denied' | 'none' };

/** Listens while it is shown; `round`: asked again when it changes. */
export function useVoice(microphone: string | undefined, round: number): Voice {
  const [voice, setVoice] = useState<Voice>({ state: 'asking' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when `round` changes
  useEffect(() => {
    let stop = (): void => undefined;
    let isShown = true;
    const listen = async (): Promise<void> => {
      const stream = await openMicrophone(microphone);
      if (!isShown) return closeStream(stream);
      const unwatch = watchLevel(stream, (level) => setVoice({ state: 'heard', level }));
      stop = () => {
        unwatch();
        closeStream(stream);
      };
    };
    setVoice({ state: 'asking' });
    listen().catch((error: unknown) => {
      const denied = error instanceof DOMException && error.name === 'NotAllowedError';
      if (isShown) setVoice({ state: 'failed', reason: denied ? 'denied' : 'none' });
    });
    return () => {
      isShown = false;
      stop();
    };
  }, [microphone, round]);
  return voice;
}
