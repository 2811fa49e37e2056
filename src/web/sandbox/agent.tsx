// The agent's side: who calls and why, accept, hang up.
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { WireAgent } from '../../contract/agent.js';
import type { WireVisit } from '../../contract/visit.js';
import { Since } from '../texts/duration.js';
import { useTexts } from '../texts/language.js';
import { CALL_COLOUR, CallButtons, Loudness, PhoneStatus } from './handset.js';
import { tourTexts } from './texts.js';
import { type Phones, useAgentReady, usePhoneView } from './visit.js';

const COLOURS: Readonly<Record<WireAgent['state'], string>> = {
  offline: 'gray.7',
  available: CALL_COLOUR,
  break: 'gray.7',
  ringing: 'violet.8',
  busy: 'cyan.9',
  'wrap-up': 'violet.8',
};
/** In these nobody is offered a customer, and one may want to. */
const RESTING: ReadonlySet<WireAgent['state'] | undefined> = new Set(['break', 'offline']);

interface AgentPhoneProps {
  readonly visit: WireVisit;
  readonly phones: Phones;
  /** undefined: not known yet. */
  readonly agent: WireAgent | undefined;
}

export function AgentPhone({ visit, phones: { agent: phone, headset }, agent }: AgentPhoneProps) {
  const texts = useTexts(tourTexts);
  const view = usePhoneView(phone);
  const { mutate, isPending } = useAgentReady(visit);
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.phoneOf(visit.agent.title)}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h4">
            {texts.agentRole}: {visit.agent.title}
          </Title>
        </Group>
        {agent !== undefined && (
          <Group justify="space-between">
            <Badge color={COLOURS[agent.state]} size="lg">
              {texts.states[agent.state]}
            </Badge>
            <Since time={agent.since} />
          </Group>
        )}
        <PhoneStatus view={view} />
        {view.call !== undefined && view.call.state !== 'ended' && (
          <Stack gap={2}>
            <Text fw={700}>{texts.callFrom(view.call.from)}</Text>
            {view.call.queue !== undefined && <Text size="sm">{texts.queue(view.call.queue)}</Text>}
            {view.call.reference !== undefined && <Text size="sm">{texts.reference(view.call.reference)}</Text>}
          </Stack>
        )}
        <CallButtons phone={phone} view={view} headset={headset} />
        {RESTING.has(agent?.state) && (
          <Button variant="default" loading={isPending} onClick={() => mutate()}>
            {texts.ready}
          </Button>
        )}
        <Loudness headset={headset} part="agent" />
      </Stack>
    </Paper>
  );
}
