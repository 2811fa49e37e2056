// A word to whoever chose a microphone or speaker that is not plugged in: what is used instead.
import { Text } from '@mantine/core';
import { useTexts } from '../../texts/language.js';
import { usePhone } from '../phone-provider.js';
import { phoneTexts } from '../texts.js';
import { type AudioRole, isGone } from './choices.js';
import { useDeviceInfos } from './devices.js';

const ROLES: readonly AudioRole[] = ['microphone', 'speaker', 'ringer'];

export function GoneDevices() {
  const texts = useTexts(phoneTexts);
  const { audio, phone, call } = usePhone();
  // The browser tells more once there was a call.
  const infos = useDeviceInfos(`${phone.state} ${call?.state}`);
  return ROLES.filter((role) => isGone(role, audio[role], infos)).map((role) => (
    <Text key={role} size="sm" role="status">
      {texts.gone[role]}
    </Text>
  ));
}
