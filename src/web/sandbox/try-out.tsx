// "Try it": a customer and an agent side by side, a tour through one matter, and its thread.
import './sandbox.css';
import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconHeadset } from '@tabler/icons-react';
import { useState, useSyncExternalStore } from 'react';
import type { WireVisit } from '../../contract/visit.js';
import { RequestFailed } from '../session/http.js';
import { PageTitle } from '../shell/page-title.js';
import { useTexts } from '../texts/language.js';
import { AgentPhone } from './agent.js';
import { CustomerPhone, Messages } from './customer.js';
import type { Headset, Part } from './headset.js';
import { hindranceOf, progressOf } from './progress.js';
import { tourTexts } from './texts.js';
import { Thread } from './thread.js';
import { Tour } from './tour.js';
import { usePhones, useVisit, useVisitView } from './visit.js';

export function TryOut() {
  const texts = useTexts(tourTexts);
  const { visit, error, restart } = useVisit();
  return (
    <Stack className="try-page" gap="sm">
      <div>
        <PageTitle>{texts.title}</PageTitle>
        <Text>{texts.intro}</Text>
      </div>
      {error !== null && <NotHere error={error} />}
      {visit === undefined && error === null && <Text role="status">{texts.restarting}</Text>}
      {visit !== undefined && <Playground key={visit.id} visit={visit} onRestart={restart} />}
    </Stack>
  );
}

function NotHere({ error }: { readonly error: Error }) {
  const texts = useTexts(tourTexts);
  const isClosed = error instanceof RequestFailed && (error.status === 403 || error.status === 404);
  return (
    <Alert color={isClosed ? 'yellow' : 'red'} role="alert" title={isClosed ? texts.closed : texts.failed}>
      {isClosed ? texts.closedWhy : error.message}
    </Alert>
  );
}

function Playground({ visit, onRestart }: { readonly visit: WireVisit; readonly onRestart: () => void }) {
  const texts = useTexts(tourTexts);
  const phones = usePhones(visit);
  const { data, error } = useVisitView(visit);
  const progress = progressOf(data?.interaction?.events ?? []);
  const isOver = error instanceof RequestFailed && error.status === 404;
  return (
    <>
      {error !== null && (
        <Alert color="red" role="alert" title={isOver ? texts.over : texts.failed}>
          {isOver ? <Button onClick={onRestart}>{texts.restart}</Button> : error.message}
        </Alert>
      )}
      <HeadsetPlace headset={phones.headset} visit={visit} />
      <Tour
        progress={progress}
        hindrance={hindranceOf(progress.present, data?.agent.state)}
        reference={data?.interaction?.reference ?? ''}
        onRestart={onRestart}
      />
      <div className="try-places">
        <CustomerPhone visit={visit} phones={phones} />
        <Messages visit={visit} messages={data?.messages ?? []} />
        <AgentPhone visit={visit} phones={phones} agent={data?.agent} />
        <Thread interaction={data?.interaction} />
      </div>
    </>
  );
}

function HeadsetPlace({ headset, visit }: { readonly headset: Headset; readonly visit: WireVisit }) {
  const texts = useTexts(tourTexts);
  const [subscribe] = useState(() => (listener: () => void) => headset.onChange(listener));
  const wornAt = useSyncExternalStore(subscribe, () => headset.wornAt);
  const places: { readonly value: Part; readonly label: string }[] = [
    { value: 'customer', label: texts.customer },
    { value: 'agent', label: visit.agent.title },
  ];
  return (
    <Group gap="sm" className="try-headset">
      <IconHeadset size={22} aria-hidden="true" />
      <Text id="headset">{texts.headsetAt}</Text>
      <SegmentedControl
        aria-labelledby="headset"
        value={wornAt}
        data={places}
        onChange={(place) => headset.wearAt(place === 'agent' ? 'agent' : 'customer')}
      />
    </Group>
  );
}
