// A call that is offered: who, why, how long they have waited, what they have answered; to take it or to leave it.
import { Badge, Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { IconPhone, IconPhoneOff } from '@tabler/icons-react';
import type { DeskOffer } from '../../contract/live/desk.js';
import { usePhone } from '../phone/phone-provider.js';
import { clockText, Since, useNow } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import type { Acting } from './acting.js';
import { Answers, CustomerHead } from './customer.js';
import { deskTexts } from './texts.js';

interface OfferProps {
  readonly offer: DeskOffer;
  readonly acting: Acting;
}

export function OfferCard({ offer, acting }: OfferProps) {
  const texts = useTexts(deskTexts);
  const { language } = useLanguage();
  const { id, kind, queue, queueTitle, customer, waitingSince, firstWaitingSince, why, handover, answers } = offer;
  const { call, answer } = usePhone();
  const ringsHere = call?.state === 'ringing' && call.direction === 'in';
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.incoming}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {kind === 'callback' ? texts.incomingCallback : texts.incoming}
          </Title>
          <Badge size="lg" variant="default">
            {queueTitle[language] ?? queue}
          </Badge>
        </Group>
        <CustomerHead customer={customer} />
        <Group gap="lg">
          <Figure label={texts.waiting}>
            <Since time={waitingSince} />
          </Figure>
          {firstWaitingSince !== undefined && (
            <Figure label={texts.firstWaiting}>
              <Since time={firstWaitingSince} />
            </Figure>
          )}
        </Group>
        {handover !== undefined && (
          <Text className="long-text">
            {texts.handover(handover.by)}
            {handover.note === undefined ? '' : `: “${handover.note}”`}
          </Text>
        )}
        <Why text={why[language]} />
        <Answers answers={answers} />
        <TimeLeft offer={offer} />
        <Group grow>
          {ringsHere && (
            <Button
              size="md"
              color="green"
              leftSection={<IconPhone size={20} />}
              onClick={() => acting.attempt(answer)}
            >
              {texts.accept}
            </Button>
          )}
          <Button
            size="md"
            color="red"
            variant={ringsHere ? 'default' : 'filled'}
            leftSection={<IconPhoneOff size={20} />}
            loading={acting.busy === 'refuse'}
            onClick={() => void acting.act('refuse', `/api/offers/${id}/refuse`)}
          >
            {texts.refuse}
          </Button>
        </Group>
        {!ringsHere && <Text size="sm">{texts.pickUp}</Text>}
      </Stack>
    </Paper>
  );
}

function Why({ text }: { readonly text: string | undefined }) {
  const texts = useTexts(deskTexts);
  return (
    <Stack gap={4}>
      <Text fw={600} size="sm">
        {texts.why}
      </Text>
      <Text size="sm" className="long-text">
        {text}
      </Text>
    </Stack>
  );
}

function Figure({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <Stack gap={0}>
      <Text size="sm" className="quiet">
        {label}
      </Text>
      <Text fw={600} size="lg">
        {children}
      </Text>
    </Stack>
  );
}

function TimeLeft({ offer: { offeredAt, expiresAt } }: { readonly offer: DeskOffer }) {
  const texts = useTexts(deskTexts);
  const leftMs = Math.max(0, Date.parse(expiresAt) - useNow());
  const share = (100 * leftMs) / Math.max(1, Date.parse(expiresAt) - Date.parse(offeredAt));
  const left = `${texts.left} ${clockText(leftMs / 1_000)}`;
  return <Progress value={Math.min(100, share)} aria-label={left} />;
}
