// What there was to tell a webhook, and what became of it; any of it can be sent again.
import { Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WireDelivery, WireWebhook } from '../../contract/webhook/webhook.js';
import { Fault } from '../admin/page.js';
import { useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { deliveriesQuery, useWebhookAct } from './requests.js';
import { webhookTexts } from './texts.js';

type Filter = WireDelivery['state'] | '';
const STATES: readonly WireDelivery['state'][] = ['waiting', 'delivered', 'failed'];

export function Deliveries({ webhook }: { readonly webhook: WireWebhook }) {
  const texts = useTexts(webhookTexts);
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary aria-label={texts.logOf(webhook.title)}>{texts.log}</summary>
      {isOpen && <DeliveryLog webhook={webhook} />}
    </details>
  );
}

function DeliveryLog({ webhook: { id, title } }: { readonly webhook: WireWebhook }) {
  const texts = useTexts(webhookTexts);
  const [state, setState] = useState<Filter>('');
  const [before, setBefore] = useState<number>();
  const { data, error } = useQuery({ ...deliveriesQuery(id, state, before), placeholderData: keepPreviousData });
  const choose = (next: Filter): void => {
    setState(next);
    setBefore(undefined);
  };
  const next = data?.next;
  return (
    <Stack gap="sm" mt="sm">
      <NativeSelect
        label={texts.which}
        maw={260}
        value={state}
        data={[
          { value: '', label: texts.every },
          ...STATES.map((value) => ({ value, label: texts.deliveryStates[value] })),
        ]}
        onChange={({ currentTarget }) => choose(currentTarget.value as Filter)}
      />
      <Fault error={error} />
      {data?.deliveries.length === 0 && <Text role="status">{texts.noDeliveries}</Text>}
      {data !== undefined && data.deliveries.length > 0 && (
        <DeliveryTable id={id} title={title} deliveries={data.deliveries} />
      )}
      <Group gap="xs">
        {before !== undefined && (
          <Button size="xs" variant="default" onClick={() => setBefore(undefined)}>
            {texts.newest}
          </Button>
        )}
        {next !== undefined && (
          <Button size="xs" variant="default" onClick={() => setBefore(next)}>
            {texts.older}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface DeliveryTableProps {
  readonly id: string;
  readonly title: string;
  readonly deliveries: readonly WireDelivery[];
}

function DeliveryTable({ id, title, deliveries }: DeliveryTableProps) {
  const texts = useTexts(webhookTexts);
  const replay = useWebhookAct();
  return (
    <>
      <Fault error={replay.error} />
      <Table.ScrollContainer minWidth={760}>
        <Table verticalSpacing={4} aria-label={texts.logOf(title)}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.event}</Table.Th>
              <Table.Th>{texts.state}</Table.Th>
              <Table.Th>{texts.attempts}</Table.Th>
              <Table.Th>{texts.answer}</Table.Th>
              <Table.Th>{texts.last}</Table.Th>
              <Table.Th>{texts.next}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {deliveries.map(({ number, type, state, attempts, status, error, lastAt, nextAt, madeAt }) => (
              <Table.Tr key={number}>
                <Table.Th scope="row">{texts.eventNames[type]}</Table.Th>
                <Table.Td>{texts.deliveryStates[state]}</Table.Td>
                <Table.Td className="figure">{attempts}</Table.Td>
                <Table.Td>{error === undefined ? (status ?? '') : (texts.errors[error] ?? status ?? error)}</Table.Td>
                <Table.Td>
                  <Moment time={lastAt ?? madeAt} />
                </Table.Td>
                <Table.Td>{nextAt !== undefined && <Moment time={nextAt} />}</Table.Td>
                <Table.Td ta="end">
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={texts.replayOf(number)}
                    onClick={() => replay.mutate({ path: `/${id}/deliveries/${number}/replay`, method: 'POST' })}
                  >
                    {texts.replay}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
