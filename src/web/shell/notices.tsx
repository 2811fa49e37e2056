// What supervisors tell everybody who is signed in, on every page, until it is put away or over.
import { Alert, Stack } from '@mantine/core';
import { IconSpeakerphone } from '@tabler/icons-react';
import { useState } from 'react';
import { useLive } from '../live/live.js';
import { useTexts } from '../texts/language.js';
import { shellTexts } from './texts.js';

export function Notices() {
  const texts = useTexts(shellTexts);
  const notices = useLive('notice');
  const [away, setAway] = useState<ReadonlySet<string>>(new Set());
  const shown = [...notices].filter(([id]) => !away.has(id));
  return (
    <div aria-live="polite">
      {shown.length > 0 && (
        <Stack gap="xs" mb="md">
          {shown.map(([id, { text, by }]) => (
            <Alert
              key={id}
              variant="default"
              icon={<IconSpeakerphone aria-hidden />}
              title={texts.noticeBy(by)}
              withCloseButton
              closeButtonLabel={texts.putAway}
              onClose={() => setAway(new Set([...away, id]))}
            >
              {text}
            </Alert>
          ))}
        </Stack>
      )}
    </div>
  );
}
