// One interaction as people read it: its stretches, messages, recordings and its whole story, beside the customer.
import { Alert, Anchor, Grid, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { WireInteraction } from '../../contract/interaction.js';
import { mayUse, personQuery } from '../session/session.js';
import { useAddressText } from '../texts/address.js';
import { useLanguage, useTexts } from '../texts/language.js';
import './history.css';
import { PageTitle } from '../shell/page-title.js';
import { SegmentLine } from './matter-card.js';
import { Bubbles, Quality, Story, Why } from './parts.js';
import { Player } from './player.js';
import { interactionQuery, recordingsQuery } from './queries.js';
import { ScreenPop } from './screen-pop.js';
import { historyTexts } from './texts.js';
import { dotted, StateBadge, When } from './words.js';

export function InteractionPage() {
  const { id = '' }: { readonly id?: string } = useParams({ strict: false });
  const texts = useTexts(historyTexts);
  const { language } = useLanguage();
  const { data: interaction, error } = useQuery(interactionQuery(id, language));
  return (
    <Stack>
      <Anchor component={Link} to="/agent/interactions">
        {texts.back}
      </Anchor>
      {interaction === undefined && error !== null && <Alert color="red">{error.message}</Alert>}
      {interaction === undefined && error === null && <Loader aria-label={texts.interaction} />}
      {interaction && (
        <Grid gap="xl">
          <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>
            <Whole interaction={interaction} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
            <ScreenPop interaction={interaction.id} />
          </Grid.Col>
        </Grid>
      )}
    </Stack>
  );
}

function Whole({ interaction }: { readonly interaction: WireInteraction }) {
  const texts = useTexts(historyTexts);
  const addressText = useAddressText();
  const { data: person } = useQuery(personQuery);
  const isSupervisor = person != null && mayUse(person, 'supervisor');
  const { id, reference, state, address, openedAt, segments, timeline, surveys = [] } = interaction;
  const agents = interaction.events.flatMap(({ type, data }) => (type === 'connected' ? [String(data['agent'])] : []));
  const messages = segments.filter((segment) => segment.kind === 'message');
  return (
    <Stack gap="lg">
      <Group>
        <PageTitle>{reference}</PageTitle>
        <StateBadge state={state} />
      </Group>
      <Text className="history-text">{dotted(addressText(address.value), <When key="when" time={openedAt} />)}</Text>
      <Stack component="section" gap={6} aria-label={texts.segments}>
        {segments
          .filter((segment) => segment.kind === 'call')
          .map((segment) => (
            <Group key={segment.id} gap="xs">
              <Text size="sm">
                <When time={segment.startedAt} />
              </Text>
              <SegmentLine segment={segment} agents={agents} />
            </Group>
          ))}
        {surveys.map(({ name, survey, score }) => (
          <Text key={name} size="sm">
            {dotted(texts.surveys, name, `${survey.toUpperCase()} ${score}`)}
          </Text>
        ))}
      </Stack>
      <Recordings id={id} />
      {messages.length > 0 && <Bubbles messages={messages} />}
      <Story lines={timeline} withSteps={isSupervisor} />
      <Quality segments={segments} />
      {isSupervisor && <Why id={id} />}
    </Stack>
  );
}

function Recordings({ id }: { readonly id: string }) {
  const texts = useTexts(historyTexts);
  const { data: recordings = [] } = useQuery(recordingsQuery(id));
  if (recordings.length === 0) return null;
  return (
    <Stack component="section" gap="xs" aria-label={texts.recordings}>
      <Title order={2} size="h3">
        {texts.recordings}
      </Title>
      {recordings.map((recording) => (
        <Player key={recording.id} interaction={id} recording={recording} />
      ))}
      <Text size="sm">{texts.noted}</Text>
    </Stack>
  );
}
