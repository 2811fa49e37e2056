// Where a phone takes its person's voice from, and where it plays the other one's.
import { openMicrophone } from './microphone.js';
import { Speaker } from './speaker.js';

export interface PhoneSound {
  /** A stream of its own for each call, which ends it. Rejects with what the browser says. */
  microphone(id: string | undefined): Promise<MediaStream>;
  speaker(sink: string | undefined): Pick<Speaker, 'play' | 'choose' | 'stop'>;
}

export const OWN_SOUND: PhoneSound = {
  microphone: openMicrophone,
  speaker: (sink) => new Speaker(sink),
};
