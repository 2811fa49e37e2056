// `0 unaccounted`: that every call is known to everybody who has to know it.
import { Badge } from '@mantine/core';
import { useLiveOne } from '../live/live.js';
import { useTexts } from '../texts/language.js';
import { supervisorTexts } from './texts.js';

export function Unaccounted() {
  const texts = useTexts(supervisorTexts);
  const centre = useLiveOne('centre', 'centre');
  if (centre === undefined) return null;
  const { unaccounted } = centre;
  return (
    <Badge
      color={unaccounted === 0 ? 'teal.9' : 'red.9'}
      variant="filled"
      size="lg"
      tt="none"
      title={texts.unaccountedHelp}
      role="status"
    >
      {texts.unaccounted(unaccounted)}
    </Badge>
  );
}
