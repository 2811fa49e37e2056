// Who it is that we have to do with: profile, what is owed, and everything that was between us, in time order.
import { Alert, Anchor, Badge, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { WireMatter, WireProfile } from '../../contract/history/profile.js';
import { WriteButton } from '../conversations/write-button.js';
import { CallButton } from '../owed/call-button.js';
import { mayUse, personQuery } from '../session/session.js';
import { useAddressText } from '../texts/address.js';
import { useLanguage, useTexts } from '../texts/language.js';
import './history.css';
import { InteractionLink } from './interaction-link.js';
import { MatterCard } from './matter-card.js';
import { Merging } from './merging.js';
import { profileQuery } from './queries.js';
import { historyTexts } from './texts.js';
import { dotted, When } from './words.js';

/** `interaction`: id or reference of the matter that is at hand. */
export function ScreenPop({ interaction }: { readonly interaction: string }) {
  const texts = useTexts(historyTexts);
  const { language } = useLanguage();
  const addressText = useAddressText();
  const { data: person } = useQuery(personQuery);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    profileQuery(interaction, language),
  );
  const [first] = data?.pages ?? [];
  if (error !== null && first === undefined) return <Alert color="red">{error.message}</Alert>;
  if (first === undefined) return <Loader aria-label={texts.profile} />;
  const matters = data?.pages.flatMap((page) => page.matters) ?? [];
  const [address] = first.contact.addresses;
  const whom = first.contact.name ?? (address === undefined ? texts.noName : addressText(address.value));
  return (
    <Stack component="section" aria-label={texts.profile} gap="md">
      <Head profile={first} />
      {!first.withheld && (
        <Group gap="xs">
          <CallButton interaction={interaction} whom={whom} />
          <WriteButton interaction={interaction} whom={whom} />
        </Group>
      )}
      {first.withheld ? (
        <Alert color="gray">{texts.withheld}</Alert>
      ) : (
        <>
          <Owed matters={matters} />
          <Stack gap="xs">
            <Title order={3} size="h4">
              {texts.history}
            </Title>
            {matters.length === 0 && <Text>{texts.noHistory}</Text>}
            {matters.map((matter) => (
              <MatterCard key={matter.id} matter={matter} here={isHere(matter, interaction)} />
            ))}
            {hasNextPage && (
              <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {texts.more}
              </Button>
            )}
          </Stack>
          {person && mayUse(person, 'supervisor') && <Merging profile={first} />}
        </>
      )}
    </Stack>
  );
}

function isHere({ id, reference }: WireMatter, interaction: string): boolean {
  return id === interaction || reference === interaction.toUpperCase();
}

function Head({ profile: { contact, crm } }: { readonly profile: WireProfile }) {
  const texts = useTexts(historyTexts);
  const { name, addresses, segment, tags, language, consent } = contact;
  const addressText = useAddressText();
  const shown = [...new Set(addresses.map(({ value }) => addressText(value)))];
  return (
    <Stack gap={6}>
      <Title order={2} size="h3" className="history-text">
        {name ?? shown[0] ?? texts.noName}
      </Title>
      <Group gap={6}>
        {segment !== undefined && <Badge>{segment}</Badge>}
        {tags.map((tag) => (
          <Badge key={tag} color="gray">
            {tag}
          </Badge>
        ))}
        {consent === 'withdrawn' && <Badge color="red">{texts.consentWithdrawn}</Badge>}
      </Group>
      <Text size="sm" className="figure history-text">
        {dotted(shown.join(', '), language)}
      </Text>
      {crm && (
        <Anchor href={crm.url} target="_blank" rel="noopener noreferrer" size="sm">
          {texts.openIn(crm.title)} <IconExternalLink size={14} aria-hidden />
        </Anchor>
      )}
    </Stack>
  );
}

function Owed({ matters }: { readonly matters: readonly WireMatter[] }) {
  const texts = useTexts(historyTexts);
  const owed = matters.filter((matter) => matter.owed !== undefined);
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {texts.owed}
      </Title>
      {owed.length === 0 && <Text size="sm">{texts.owedNothing}</Text>}
      {owed.map(({ id, reference, owed: callback }) => (
        <Alert key={id} color="orange" className="history-owed">
          <Text size="sm">
            {dotted(
              callback?.state === 'offered' ? texts.callbackOffered : texts.callbackPromised(callback?.queue ?? ''),
              callback?.dueAt && (
                <span key="due">
                  {texts.due} <When time={callback.dueAt} />
                </span>
              ),
              callback?.number,
              (callback?.attempts ?? 0) > 0 && texts.attempts(callback?.attempts ?? 0),
              <InteractionLink key="link" id={id} c="inherit">
                {reference}
              </InteractionLink>,
            )}
          </Text>
        </Alert>
      ))}
    </Stack>
  );
}
