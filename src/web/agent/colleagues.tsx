// Who else is in the conversation: a colleague who is asked, or several together; and how that ends.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconUserCheck, IconUserMinus, IconUsers } from '@tabler/icons-react';
import { useTexts } from '../texts/language.js';
import type { CallProps } from './acting.js';
import { deskTexts } from './texts.js';

export function Colleagues({ talk, agent, acting }: CallProps) {
  const texts = useTexts(deskTexts);
  const { state, leads, consulted } = talk;
  if (state === 'on-hold') return <Text>{texts.customerHearsMusic}</Text>;
  if (state === 'together') return <Together talk={talk} agent={agent} acting={acting} />;
  if (state !== 'calling' && state !== 'consulting') return null;
  if (leads) return <Asking talk={talk} agent={agent} acting={acting} />;
  const asker = talk.parties.find(({ name }) => name !== agent)?.name ?? consulted ?? '';
  return <Text>{texts.consultedBy(asker)}</Text>;
}

function Asking({ talk: { interaction, state, consulted = '' }, acting }: CallProps) {
  const texts = useTexts(deskTexts);
  const path = `/api/calls/${interaction}`;
  return (
    <Alert title={`${texts.consulting(consulted)} · ${texts.talk[state]}`} color="cyan">
      <Stack gap="xs">
        <Text size="sm">{texts.customerHearsMusic}</Text>
        <Group gap="xs">
          {state === 'consulting' && (
            <>
              <Button
                leftSection={<IconUserCheck size={18} />}
                loading={acting.busy === 'complete'}
                onClick={() => void acting.act('complete', `${path}/complete`)}
              >
                {texts.complete}
              </Button>
              <Button
                variant="default"
                leftSection={<IconUsers size={18} />}
                loading={acting.busy === 'conference'}
                onClick={() => void acting.act('conference', `${path}/conference`)}
              >
                {texts.conference}
              </Button>
            </>
          )}
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={18} />}
            loading={acting.busy === 'cancel'}
            onClick={() => void acting.act('cancel', `${path}/cancel`)}
          >
            {texts.cancelConsult}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function Together({ talk: { interaction, parties, leads }, agent, acting }: CallProps) {
  const texts = useTexts(deskTexts);
  return (
    <Alert title={texts.parties} color="cyan">
      <Stack gap="xs">
        {!leads && <Text size="sm">{texts.notLeading}</Text>}
        {parties.map(({ name }) => (
          <Group key={name} justify="space-between">
            <Text>{name === agent ? `${name} (${texts.you})` : name}</Text>
            {leads && name !== agent && (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconUserMinus size={16} />}
                loading={acting.busy === `remove ${name}`}
                onClick={() =>
                  void acting.act(
                    `remove ${name}`,
                    `/api/calls/${interaction}/parties/${encodeURIComponent(name)}`,
                    {},
                    'DELETE',
                  )
                }
              >
                {texts.remove(name)}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Alert>
  );
}
