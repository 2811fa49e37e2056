// The accounts with which customers are written to: what is set, and never what it is set to where that is secret.
import { Badge, Code, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { WireChannelAccounts } from '../../contract/account/channel-account.js';
import { ask } from '../session/http.js';
import { useTexts } from '../texts/language.js';
import { ChannelTrial } from './channel-trial.js';
import { choiceText } from './texts/choice-texts.js';
import { centreTexts } from './texts/texts.js';

export function Accounts() {
  const texts = useTexts(centreTexts);
  const words = useTexts(choiceText);
  const { data } = useQuery({
    queryKey: ['channel-accounts'],
    queryFn: () => ask<WireChannelAccounts>('/api/channels/accounts'),
  });
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="accounts">
      <Stack>
        <Title order={2} size="h4" id="accounts">
          {texts.accounts}
        </Title>
        <Text size="sm">{texts.accountsAbout}</Text>
        {data === undefined && <Text role="status">{texts.loading}</Text>}
        {data?.accounts.map(({ channel, inUse, settings }) => (
          <div key={channel}>
            <Group gap="xs">
              <Title order={3} size="h5">
                {words(channel)}
              </Title>
              <Badge variant="default">{inUse ? texts.inUse : texts.notInUse}</Badge>
            </Group>
            <Table verticalSpacing={4} aria-label={words(channel)}>
              <Table.Tbody>
                {settings.map(({ variable, isSet, value }) => (
                  <Table.Tr key={variable}>
                    <Table.Th scope="row">
                      <Code>{variable}</Code>
                    </Table.Th>
                    <Table.Td>{value ?? (isSet ? texts.isSet : texts.isNotSet)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            {inUse && <ChannelTrial channel={channel} />}
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
