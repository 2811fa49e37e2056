// What both telephones of the tour share: their state, the buttons for it, and how loud it is there.
import { Button, Progress, Stack, Text } from '@mantine/core';
import { IconPhone, IconPhoneOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { PhoneView } from '../phone/phone-view.js';
import type { SoftPhone } from '../phone/soft-phone.js';
import { useTexts } from '../texts/language.js';
import type { Headset, Part } from './headset.js';
import { tourTexts } from './texts.js';

const LOOK_MS = 100;
/** White on it has a contrast of 6 to 1; the greens of the library stay below 4.5. */
export const CALL_COLOUR = '#1b6e2f';

interface CallButtonsProps {
  readonly phone: SoftPhone;
  readonly view: PhoneView;
  readonly headset: Headset;
}

/** For a call that there is; nothing without one. */
export function CallButtons({ phone, view: { call }, headset }: CallButtonsProps) {
  const texts = useTexts(tourTexts);
  if (call === undefined || call.state === 'ended') return null;
  const isOffered = call.state === 'ringing' && call.direction === 'in';
  const answer = (): void => {
    headset.listen();
    void phone.answer();
  };
  return (
    <Stack gap="xs">
      {isOffered && (
        <Button color={CALL_COLOUR} size="md" leftSection={<IconPhone size={20} />} onClick={answer}>
          {texts.answer}
        </Button>
      )}
      <Button
        color="red.9"
        size="md"
        leftSection={<IconPhoneOff size={20} />}
        onClick={() => (isOffered ? phone.refuse() : phone.hangUp())}
      >
        {isOffered ? texts.refuse : texts.hangUp}
      </Button>
    </Stack>
  );
}

export function PhoneStatus({ view: { phone, call } }: { readonly view: PhoneView }) {
  const texts = useTexts(tourTexts);
  return (
    <Text role="status" ta="center" {...(phone.state === 'failed' ? { c: 'red.9' } : {})}>
      {statusText(texts, { phone, call })}
    </Text>
  );
}

function statusText(texts: (typeof tourTexts)['es'], { phone, call }: PhoneView): string {
  if (call !== undefined) {
    if (call.state === 'talking') return texts.talking;
    if (call.state === 'ended') return texts.ended;
    return call.direction === 'out' ? texts.calling : texts.ringing(call.from);
  }
  if (phone.state === 'failed') return texts.failures[phone.reason];
  return phone.state === 'ready' ? texts.idle : texts.connecting;
}

export function Loudness({ headset, part }: { readonly headset: Headset; readonly part: Part }) {
  const texts = useTexts(tourTexts);
  const [level, setLevel] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setLevel(Math.round(headset.level(part) * 50) * 2), LOOK_MS);
    return () => clearInterval(timer);
  }, [headset, part]);
  return (
    <Stack gap={4} aria-hidden="true">
      <Text size="xs">{texts.hears}</Text>
      <Progress value={level} size="sm" transitionDuration={LOOK_MS} />
    </Stack>
  );
}
