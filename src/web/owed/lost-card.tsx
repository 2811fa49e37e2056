// A customer who was not served: called, or settled by hand with the reason.
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { WireLostItem } from '../../contract/owed/work-list.js';
import { useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { useActing } from './acting.js';
import { ItemCard } from './item.js';
import { workPath } from './queries.js';
import { ReasonForm } from './reason-form.js';
import { owedTexts } from './texts.js';

export function LostCard({ item }: { readonly item: WireLostItem }) {
  const texts = useTexts(owedTexts);
  const acting = useActing();
  const [as, setAs] = useState<'recovered' | 'dismissed'>();
  const settle = async (note: string): Promise<void> => {
    await acting.act(`${workPath(item.interaction)}/settle`, { method: 'POST', body: { as, note } });
  };
  return (
    <ItemCard
      item={item}
      acting={acting}
      facts={
        <>
          <Text size="sm">
            {texts.lostAt} <Moment time={item.lostAt} />
          </Text>
          {item.calls > 1 && <Text size="sm">{texts.calls(item.calls)}</Text>}
          {item.offered && <Text size="sm">{texts.offered}</Text>}
        </>
      }
      acts={
        <>
          <Button size="compact-sm" variant="default" onClick={() => setAs('recovered')}>
            {texts.recovered}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setAs('dismissed')}>
            {texts.dismiss}
          </Button>
        </>
      }
    >
      {as !== undefined && (
        <ReasonForm
          key={as}
          label={texts.reason}
          isNeeded
          isBusy={acting.isBusy}
          onSend={(note) => void settle(note)}
          onClose={() => setAs(undefined)}
        />
      )}
    </ItemCard>
  );
}
