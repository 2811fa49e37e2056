// Finds interactions: by number or reference, channel, state and date. What is looked for stands in the address of the page.
import { Alert, Button, Group, Loader, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { mayUse, personQuery } from '../session/session.js';
import { useAddressText } from '../texts/address.js';
import { useTexts } from '../texts/language.js';
import './history.css';
import { PageTitle } from '../shell/page-title.js';
import { InteractionLink } from './interaction-link.js';
import { type Found, searchQuery } from './queries.js';
import { type Search, searchOf } from './search-of.js';
import { historyTexts } from './texts.js';
import { ChannelIcon, StateBadge, When } from './words.js';

const CHANNELS = ['voice', 'whatsapp', 'sms', 'chat', 'sandbox'];

export function Interactions() {
  const texts = useTexts(historyTexts);
  const search: Search = useSearch({ strict: false });
  const { data: person } = useQuery(personQuery);
  // Agents look for a customer; supervisors also see what came in last.
  const enabled = person != null && (mayUse(person, 'supervisor') || (search.text ?? '').trim() !== '');
  const found = useInfiniteQuery({ ...searchQuery(search), enabled });
  const rows = found.data?.pages.flatMap(({ interactions }) => interactions) ?? [];
  return (
    <Stack>
      <PageTitle>{texts.interactions}</PageTitle>
      <Questions key={JSON.stringify(search)} search={search} />
      <div aria-live="polite">
        {!enabled && <Text>{texts.agentsLook}</Text>}
        {found.isLoading && <Loader aria-label={texts.search} />}
        {found.error && <Alert color="red">{found.error.message}</Alert>}
        {enabled && found.isSuccess && rows.length === 0 && <Text>{texts.nothing}</Text>}
      </div>
      {rows.length > 0 && <Rows rows={rows} />}
      {found.hasNextPage && (
        <Group>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {texts.more}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Questions({ search }: { readonly search: Search }) {
  const texts = useTexts(historyTexts);
  const navigate = useNavigate();
  const [asked, setAsked] = useState(search);
  const set = (key: keyof Search) => (event: { readonly currentTarget: { readonly value: string } }) => {
    const { value } = event.currentTarget;
    setAsked((before) => ({ ...before, [key]: value }));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void navigate({ to: '/agent/interactions', search: searchOf(asked) });
  };
  const options = (names: readonly string[], titles: Readonly<Record<string, string>>) => [
    { value: '', label: texts.any },
    ...names.map((value) => ({ value, label: titles[value] ?? value })),
  ];
  return (
    <search>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={texts.searchHint}
            value={asked.text ?? ''}
            maxLength={64}
            onChange={set('text')}
            className="history-search"
          />
          <NativeSelect
            label={texts.channel}
            value={asked.channel ?? ''}
            data={options(CHANNELS, texts.channelNames)}
            onChange={set('channel')}
          />
          <NativeSelect
            label={texts.state}
            value={asked.state ?? ''}
            data={options(Object.keys(texts.states), texts.states)}
            onChange={set('state')}
          />
          <TextInput type="date" label={texts.from} value={asked.from ?? ''} onChange={set('from')} />
          <TextInput type="date" label={texts.to} value={asked.to ?? ''} onChange={set('to')} />
          <Button type="submit">{texts.search}</Button>
        </Group>
      </form>
    </search>
  );
}

function Rows({ rows }: { readonly rows: Found['interactions'] }) {
  const texts = useTexts(historyTexts);
  const addressText = useAddressText();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.reference}</Table.Th>
            <Table.Th>{texts.customer}</Table.Th>
            <Table.Th>{texts.channels}</Table.Th>
            <Table.Th>{texts.state}</Table.Th>
            <Table.Th>{texts.opened}</Table.Th>
            <Table.Th>{texts.lastNews}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ id, reference, address, channels, state, openedAt, updatedAt }) => (
            <Table.Tr key={id}>
              <Table.Th scope="row">
                <InteractionLink id={id}>{reference}</InteractionLink>
              </Table.Th>
              <Table.Td miw="9rem" className="figure history-text">
                {addressText(address.value)}
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {channels.map((channel) => (
                    <ChannelIcon key={channel} channel={channel} />
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>
                <StateBadge state={state} />
              </Table.Td>
              <Table.Td>
                <When time={openedAt} />
              </Table.Td>
              <Table.Td>
                <When time={updatedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
