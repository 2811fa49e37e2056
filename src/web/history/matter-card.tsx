// One matter in the history of a customer: its calls, messages and notes, each as a line.
import { Card, Group, Stack, Text } from '@mantine/core';
import type { WireMatter } from '../../contract/history/profile.js';
import type { WireSegment } from '../../contract/interaction.js';
import { useTexts } from '../texts/language.js';
import { InteractionLink } from './interaction-link.js';
import { type HistoryTexts, historyTexts } from './texts.js';
import { ChannelIcon, DirectionIcon, dotted, lengthText, StateBadge, When } from './words.js';

/** Of a long matter the last ones are shown; the rest stands on its page. */
const LINES_MAX = 8;
const WORTH_TELLING_MS = 1_000;

export function MatterCard({ matter, here }: { readonly matter: WireMatter; readonly here: boolean }) {
  const texts = useTexts(historyTexts);
  const { reference, state, segments, notes, dispositions, recordings, queues, openedAt } = matter;
  return (
    <Card withBorder padding="sm" className={here ? 'history-here' : undefined} component="article">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap={6}>
          {here ? (
            <Text fw={700}>
              {reference} ({texts.thisOne})
            </Text>
          ) : (
            <InteractionLink id={matter.id} fw={600}>
              {reference}
            </InteractionLink>
          )}
        </Group>
        <StateBadge state={state} />
      </Group>
      <Text size="sm">{dotted(<When key="when" time={openedAt} />, queues.join(', '))}</Text>
      <Stack gap={4} mt={6}>
        {segments.slice(-LINES_MAX).map((segment) => (
          <SegmentLine key={segment.id} segment={segment} agents={matter.agents} />
        ))}
        {notes.map(({ at, by, text }) => (
          <Text key={`${at}${by}`} size="sm" className="history-text">
            {texts.note} ({by}): {text}
          </Text>
        ))}
        {dispositions.map(({ agent, code }) => (
          <Text key={`${agent}${code}`} size="sm">
            {texts.about}: {code} ({agent})
          </Text>
        ))}
        {recordings > 0 && <Text size="sm">{texts.recorded(recordings)}</Text>}
      </Stack>
    </Card>
  );
}

export function SegmentLine({
  segment,
  agents,
}: {
  readonly segment: WireSegment;
  readonly agents?: readonly string[];
}) {
  const texts = useTexts(historyTexts);
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <ChannelIcon channel={segment.channel} />
      <DirectionIcon direction={segment.direction} />
      <Text size="sm" className="history-text">
        {segment.kind === 'call'
          ? dotted(...callWords(segment, texts, agents))
          : dotted(segment.text, texts.statuses[segment.status] ?? segment.status)}
      </Text>
    </Group>
  );
}

function callWords(
  call: Extract<WireSegment, { kind: 'call' }>,
  texts: HistoryTexts,
  agents: readonly string[] = [],
): (string | undefined)[] {
  const met = call.path.filter(({ party }) => party.kind === 'agent').map(({ party }) => party.name);
  const names = [...new Set(met.length > 0 ? met : call.direction === 'out' ? agents : [])];
  return [
    texts.call[call.direction],
    call.result === undefined ? undefined : (texts.results[call.result] ?? call.result),
    names.length === 0 ? undefined : `${texts.with} ${names.join(', ')}`,
    call.waitedMs >= WORTH_TELLING_MS ? `${texts.waited} ${lengthText(call.waitedMs)}` : undefined,
    (call.talkedMs ?? 0) >= WORTH_TELLING_MS ? `${texts.talked} ${lengthText(call.talkedMs ?? 0)}` : undefined,
  ];
}
