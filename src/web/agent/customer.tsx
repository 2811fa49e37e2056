// Who the customer is, as far as the call itself tells, and the place for all that is known of them.
import { Badge, Group, Loader, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { type ComponentType, lazy, Suspense } from 'react';
import type { DeskAnswer, DeskCustomer } from '../../contract/live/desk.js';
import { useAddressText } from '../texts/address.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { deskTexts } from './texts.js';

/** Its history is long; the desk does not wait for it. */
const ScreenPop = lazy<ComponentType<{ readonly interaction: string }>>(() =>
  import('../history/screen-pop.js').then((module) => ({ default: module.ScreenPop })),
);

const WITHHELD = 'anonymous';

export function useCustomerName(): (customer: DeskCustomer | undefined) => string {
  const texts = useTexts(deskTexts);
  const addressText = useAddressText();
  return (customer) => {
    if (customer === undefined) return texts.loading;
    if (customer.name !== undefined) return customer.name;
    return customer.address.value === WITHHELD ? texts.unknownCaller : addressText(customer.address.value);
  };
}

/** Name, number and reference. */
export function CustomerHead({ customer }: { readonly customer: DeskCustomer | undefined }) {
  const texts = useTexts(deskTexts);
  const nameOf = useCustomerName();
  const addressText = useAddressText();
  const named = customer?.name !== undefined && customer.address.value !== WITHHELD;
  return (
    <Stack gap={2}>
      <Title order={3} className="long-text">
        {nameOf(customer)}
      </Title>
      <Group gap="xs">
        {named && <Text className="figure">{addressText(customer.address.value)}</Text>}
        {customer !== undefined && (
          <Text size="sm" className="quiet">
            {texts.reference} <b>{customer.reference}</b>
          </Text>
        )}
        {customer?.language !== undefined && (
          <Badge variant="default" size="sm">
            {customer.language}
          </Badge>
        )}
      </Group>
    </Stack>
  );
}

export function Answers({ answers }: { readonly answers: readonly DeskAnswer[] }) {
  const texts = useTexts(deskTexts);
  const { language } = useLanguage();
  return (
    <Stack gap={4}>
      <Text fw={600} size="sm">
        {texts.answers}
      </Text>
      {answers.length === 0 ? (
        <Text size="sm" className="quiet">
          {texts.noAnswers}
        </Text>
      ) : (
        <Table layout="fixed" aria-label={texts.answers}>
          <Table.Tbody>
            {answers.map(({ step, title, titles, answer, chose }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end
              <Table.Tr key={at}>
                <Table.Th scope="row" className="long-text" title={step}>
                  {titles?.[language] ?? title}
                </Table.Th>
                <Table.Td className="figure long-text">
                  {chose === undefined ? answer : `${chose[language] ?? chose['es'] ?? ''} (${answer})`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}

export interface CustomerPanelProps {
  readonly interaction: string | undefined;
  readonly answers: readonly DeskAnswer[];
}

export function CustomerPanel({ interaction, answers }: CustomerPanelProps) {
  const texts = useTexts(deskTexts);
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.customer} h="100%">
      {interaction === undefined ? (
        <Stack gap={4}>
          <Title order={2} size="h4">
            {texts.customer}
          </Title>
          <Text className="quiet">{texts.noCustomer}</Text>
        </Stack>
      ) : (
        <Stack>
          <Title order={2} size="h4">
            {texts.customer}
          </Title>
          <Answers answers={answers} />
          <Suspense fallback={<Loader aria-label={texts.loading} />}>
            <ScreenPop interaction={interaction} />
          </Suspense>
        </Stack>
      )}
    </Paper>
  );
}
