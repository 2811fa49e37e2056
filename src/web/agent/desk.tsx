// The agent's desk: state on top, the call on the left, the customer on the right.
import './agent.css';
import { Button, Grid, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react';
import type { WireAgent } from '../../contract/agent.js';
import type { DeskWrapUp, LiveDesk } from '../../contract/live/desk.js';
import type { ConversationsProps } from '../conversations/conversations.js';
import type { SuggestedProps } from '../guide/suggested.js';
import { useLink, useLive, useLiveOne } from '../live/live.js';
import { CallANumber } from '../owed/call-a-number.js';
import { personQuery } from '../session/session.js';
import { NotDone } from '../shell/not-done.js';
import { PageTitle, useTabTitle } from '../shell/page-title.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { type Acting, type CallProps, useActing } from './acting.js';
import { CustomerPanel, useCustomerName } from './customer.js';
import { Incoming } from './incoming.js';
import { OfferCard } from './offer.js';
import { StateBar } from './state-bar.js';
import { deskTexts } from './texts.js';
import type { WrapUpProps, WriteUp } from './wrap-up.js';

const loadCall = () => import('./call.js');
const loadWrapUp = () => import('./wrap-up.js');
const CallCard = lazy<ComponentType<CallProps>>(() => loadCall().then((module) => ({ default: module.CallCard })));
const WrapUpCard = lazy<ComponentType<WrapUpProps>>(() =>
  loadWrapUp().then((module) => ({ default: module.WrapUpCard })),
);

/** What the guide says is not waited for. */
const Suggested = lazy<ComponentType<SuggestedProps>>(() =>
  import('../guide/suggested.js').then((module) => ({ default: module.Suggested })),
);

/** Who is written to needs it, others do not. */
const Conversations = lazy<ComponentType<ConversationsProps>>(() =>
  import('../conversations/conversations.js').then((module) => ({ default: module.Conversations })),
);

export function Desk() {
  const texts = useTexts(deskTexts);
  const { data: person } = useQuery(personQuery);
  const agent = useLive('agent').get(person?.name ?? '');
  const link = useLink();
  return (
    <Stack>
      <PageTitle>{texts.desk}</PageTitle>
      {agent !== undefined && <DeskOf agent={agent} />}
      {agent === undefined && <Text role="status">{link === 'open' ? texts.notAnAgent : texts.loading}</Text>}
    </Stack>
  );
}

function DeskOf({ agent }: { readonly agent: WireAgent }) {
  const acting = useActing();
  const desk = useLiveOne('desk', agent.id) ?? { agent: agent.id };
  const { offer, talk, wrapUp } = desk;
  const about = offer ?? talk ?? wrapUp;
  const isAtWork = about !== undefined;
  // While it rings: they are there when they are wanted.
  useEffect(() => {
    // A failure is told where they are drawn.
    if (isAtWork) Promise.all([loadCall(), loadWrapUp()]).catch(() => undefined);
  }, [isAtWork]);
  // Seen from the first one on, or when one wants to write: what comes later does not move what one is looking at.
  const [isWritten, setWritten] = useState(false);
  const count = useLiveOne('conversations', agent.id)?.conversations.length ?? 0;
  if (count > 0 && !isWritten) setWritten(true);
  return (
    <Stack>
      <StateBar agent={agent} acting={acting} />
      <Heralded desk={desk} />
      <NotDone failure={acting.failure} forget={acting.forget} />
      <Grid>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Work desk={desk} acting={acting} write={isWritten ? undefined : () => setWritten(true)} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack h="100%">
            {isWritten && (
              <Suspense>
                <Conversations agent={agent.id} />
              </Suspense>
            )}
            {(about !== undefined || !isWritten) && (
              <CustomerPanel interaction={about?.interaction} answers={(offer ?? talk)?.answers ?? []} />
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

interface WorkProps {
  readonly desk: LiveDesk;
  readonly acting: Acting;
  /** Absent: there is a place for it already, among the conversations. */
  readonly write: (() => void) | undefined;
}

/** What there is to do now; what was typed about the last call stays until it is stored. */
function Work({ desk, acting, write }: WorkProps) {
  const texts = useTexts(deskTexts);
  const { agent, offer, talk, wrapUp } = desk;
  // While it rings too: what to say is read before one says it.
  const matter = talk ?? offer;
  const [open, setOpen] = useState<{ readonly wrapUp: DeskWrapUp; readonly writeUp: WriteUp }>();
  const isLate = open !== undefined && open.wrapUp.since !== wrapUp?.since;
  const shown = isLate ? open.wrapUp : wrapUp;
  const change = (writeUp: WriteUp): void => {
    const isBlank = writeUp.code === '' && writeUp.note === '';
    setOpen(isBlank || shown === undefined ? undefined : { wrapUp: shown, writeUp });
  };
  return (
    <Stack>
      {offer !== undefined && <OfferCard offer={offer} acting={acting} />}
      {offer === undefined && (talk === undefined || talk.state === 'connecting') && <Incoming acting={acting} />}
      {talk !== undefined && (
        <Suspense>
          <CallCard key={talk.interaction} talk={talk} agent={agent} acting={acting} />
        </Suspense>
      )}
      {matter !== undefined && (
        <Suspense>
          <Suggested interaction={matter.interaction} queue={matter.queue} />
        </Suspense>
      )}
      {shown !== undefined && (
        <Suspense>
          <WrapUpCard {...{ wrapUp: shown, late: isLate, agent, acting, change }} writeUp={open?.writeUp} />
        </Suspense>
      )}
      {offer === undefined && talk === undefined && shown === undefined && <Idle />}
      {offer === undefined && talk === undefined && <CallANumber />}
      {write !== undefined && (
        <Button variant="default" onClick={write}>
          {texts.writeToSomebody}
        </Button>
      )}
    </Stack>
  );
}

function Idle() {
  const texts = useTexts(deskTexts);
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.call}>
      <Title order={2} size="h4">
        {texts.idle}
      </Title>
      <Text className="quiet">{texts.idleHint}</Text>
    </Paper>
  );
}

/** An incoming call is heard by screen readers, and seen in the title when the page is in the background. */
function Heralded({ desk: { offer } }: { readonly desk: LiveDesk }) {
  const texts = useTexts(deskTexts);
  const { language } = useLanguage();
  const nameOf = useCustomerName();
  const herald = offer && texts.incomingFrom(nameOf(offer.customer), offer.queueTitle[language] ?? offer.queue);
  useTabTitle(herald && `☎ ${herald}`);
  return (
    <span className="heard-only" role="alert">
      {herald}
    </span>
  );
}
