// The phone of the agent who is signed in, alive across all pages inside of it.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { callAgain, ownAccount } from './account.js';
import { type AudioChoices, type AudioRole, keepChoices, readChoices, withChoice } from './audio/choices.js';
import type { PhoneView } from './phone-view.js';
import { SoftPhone } from './soft-phone.js';

export interface PhoneControls extends PhoneView {
  /** Connects the browser as a telephone; done by the agent, because the browser asks for the microphone then. */
  start(): Promise<void>;
  stop(): void;
  /** False: not ready, another call goes on, or nothing in it can be dialled. */
  dial(number: string): Promise<boolean>;
  answer(): Promise<void>;
  refuse(): void;
  hangUp(): void;
  mute(on: boolean): void;
  press(keys: string): void;
  /** Which microphone and speakers are used; absent: the browser's default. */
  readonly audio: AudioChoices;
  /** `''`: the default again. In a call too. */
  choose(role: AudioRole, id: string): void;
}

const PhoneContext = createContext<SoftPhone | undefined>(undefined);
const AudioContextOfPage = createContext<{ readonly audio: AudioChoices; choose(role: AudioRole, id: string): void }>({
  audio: {},
  choose: () => undefined,
});

/** Once around all pages of whoever is signed in; nothing is connected before {@link PhoneControls.start}. */
export function PhoneProvider({ children }: { readonly children: ReactNode }) {
  const [phone] = useState(() => new SoftPhone({ account: ownAccount, audio: readChoices() }));
  const [audio, setAudio] = useState(readChoices);
  const choose = useCallback(
    (role: AudioRole, id: string): void => {
      phone.choose(role, id);
      setAudio((before) => {
        const after = withChoice(before, role, id);
        keepChoices(after);
        return after;
      });
    },
    [phone],
  );
  useEffect(() => comeBack(phone), [phone]);
  const chosen = useMemo(() => ({ audio, choose }), [audio, choose]);
  return (
    <PhoneContext.Provider value={phone}>
      <AudioContextOfPage.Provider value={chosen}>{children}</AudioContextOfPage.Provider>
    </PhoneContext.Provider>
  );
}

/** Inside of a {@link PhoneProvider}. */
export function usePhone(): PhoneControls {
  const phone = useContext(PhoneContext);
  if (phone === undefined) throw new Error('there is no phone around this component');
  const view = useSyncExternalStore(
    useCallback((listener) => phone.onState(listener), [phone]),
    () => phone.view,
  );
  const chosen = useContext(AudioContextOfPage);
  return useMemo(
    () => ({
      ...view,
      ...chosen,
      start: () => phone.start(),
      stop: () => phone.stop(),
      dial: (number) => phone.call(number),
      answer: () => phone.answer(),
      refuse: () => phone.refuse(),
      hangUp: () => phone.hangUp(),
      mute: (on) => phone.mute(on),
      press: (keys) => phone.press(keys),
    }),
    [phone, view, chosen],
  );
}

const WAS_ON = 'hilo-phone-on';

/** Who had the phone on before this page was loaded anew has it on again, and goes on with the call there was. */
function comeBack(phone: SoftPhone): () => void {
  let isNew = true;
  const stopWatching = phone.onState(() => {
    const { state } = phone.view.phone;
    if (state === 'off') sessionStorage.removeItem(WAS_ON);
    if (state !== 'ready') return;
    if (isNew && sessionStorage.getItem(WAS_ON) !== null) callAgain();
    isNew = false;
    sessionStorage.setItem(WAS_ON, '');
  });
  if (sessionStorage.getItem(WAS_ON) !== null) void phone.start();
  return () => {
    // The page stays and only this part of it goes: that is no reload.
    stopWatching();
    phone.stop();
  };
}
