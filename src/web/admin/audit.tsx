// The audit log: who did what to what and when, filtered, page by page, or as a table to take along.
import { Button, Group, NativeSelect, SimpleGrid, Table, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { WireAuditPage } from '../../contract/account/account.js';
import { useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { actTexts, isKnownAct, KNOWN_ACTS } from './act-texts.js';
import { AdminPage, Waiting } from './page.js';
import { type AuditWish, auditPage, auditParameters, NO_WISH } from './requests.js';
import { adminTexts } from './texts.js';

export function AuditLog() {
  const texts = useTexts(adminTexts);
  const [wish, setWish] = useState(NO_WISH);
  const asked = useDeferredValue(wish);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['accounts', 'audit', asked],
    queryFn: ({ pageParam }) => auditPage(asked, pageParam),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const lines = data?.pages.flatMap((page) => page.lines) ?? [];
  const download = (
    <Button
      component="a"
      href={`/api/audit/csv?${auditParameters(wish)}`}
      variant="default"
      leftSection={<IconDownload size={16} />}
    >
      {texts.csv}
    </Button>
  );
  return (
    <AdminPage part="audit" action={download}>
      <Text size="sm">{texts.auditAbout}</Text>
      <Filter wish={wish} onChange={setWish} />
      {lines.length === 0 ? <Waiting error={error} empty={data !== undefined} /> : <Lines lines={lines} />}
      {hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {texts.older}
          </Button>
        </Group>
      )}
    </AdminPage>
  );
}

function Filter({ wish, onChange }: { readonly wish: AuditWish; readonly onChange: (wish: AuditWish) => void }) {
  const texts = useTexts(adminTexts);
  const words = useTexts(actTexts);
  const acts = KNOWN_ACTS.map((act) => ({ value: act, label: words[act] }));
  const fields = [
    ['by', texts.who, 'text'],
    ['on', texts.onWhat, 'text'],
    ['from', texts.from, 'date'],
    ['to', texts.to, 'date'],
  ] as const;
  return (
    <SimpleGrid cols={{ base: 2, md: 5 }} component="search" aria-label={texts.filter}>
      {fields.map(([key, label, type]) => (
        <TextInput
          key={key}
          label={label}
          type={type}
          autoComplete="off"
          value={wish[key]}
          onChange={({ currentTarget }) => onChange({ ...wish, [key]: currentTarget.value })}
        />
      ))}
      <NativeSelect
        label={texts.what}
        value={wish.act}
        data={[{ value: '', label: texts.anyAct }, ...acts.toSorted((a, b) => a.label.localeCompare(b.label))]}
        onChange={({ currentTarget }) => onChange({ ...wish, act: currentTarget.value })}
      />
    </SimpleGrid>
  );
}

function Lines({ lines }: { readonly lines: WireAuditPage['lines'] }) {
  const texts = useTexts(adminTexts);
  const words = useTexts(actTexts);
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.when}</Table.Th>
            <Table.Th>{texts.who}</Table.Th>
            <Table.Th>{texts.what}</Table.Th>
            <Table.Th>{texts.onWhat}</Table.Th>
            <Table.Th>{texts.detail}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ number, at, by, act, on, detail }) => (
            <Table.Tr key={number}>
              <Table.Td>
                <Moment time={at} />
              </Table.Td>
              <Table.Td>{by}</Table.Td>
              <Table.Td title={act}>{isKnownAct(act) ? words[act] : act}</Table.Td>
              <Table.Td className="long-text">{on}</Table.Td>
              <Table.Td className="long-text">{detailText(detail)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** `from: supervisor · to: admin` */
export function detailText(detail: WireAuditPage['lines'][number]['detail']): string {
  return Object.entries(detail)
    .map(([key, value]) => `${key}: ${value}`)
    .join(' · ');
}
