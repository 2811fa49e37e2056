// The flow's tests on the draft: which hold, what there was instead, which ways nobody tries.
import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useTexts } from '../../texts/language.js';
import type { Tested, TestedCase } from '../compiler/workshop.js';
import { studioTexts } from '../texts.js';
import type { Playing } from './tested.js';

export interface ResultsProps {
  readonly playing: Playing;
  readonly hasTests: boolean;
  /** Brings to a line of the tests. */
  readonly onLine: (line: number, column: number) => void;
  readonly onWrite: () => void;
}

export function Results({ playing: { tested, failure, again }, hasTests, onLine, onWrite }: ResultsProps) {
  const texts = useTexts(studioTexts);
  if (!hasTests) {
    return (
      <Stack align="start">
        <Text>{texts.noTests}</Text>
        <Button onClick={onWrite}>{texts.writeTests}</Button>
      </Stack>
    );
  }
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm">{texts.testsAbout}</Text>
        <Button size="xs" variant="default" onClick={again}>
          {texts.run}
        </Button>
      </Group>
      {failure !== undefined && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      <div aria-live="polite">
        {tested === undefined ? <Text>{texts.checking}</Text> : <Result tested={tested} onLine={onLine} />}
      </div>
    </Stack>
  );
}

interface ResultProps {
  readonly tested: Tested;
  readonly onLine: ResultsProps['onLine'];
}

function Result({ tested, onLine }: ResultProps) {
  const texts = useTexts(studioTexts);
  if (tested.kind === 'faulty') {
    return <Alert color="red">{tested.of === 'flow' ? texts.faultyFirst : texts.faultyTests}</Alert>;
  }
  const { cases, passed, failed, percent, steps } = tested;
  const open = steps.filter((step) => step.open.length > 0);
  const failing = cases.filter((one) => one.failure !== undefined);
  return (
    <Stack gap="xs">
      <Group>
        <Badge size="lg" color={failed > 0 ? 'red' : 'green'}>
          {texts.passed(passed, failed)}
        </Badge>
        <Text>{texts.coverage(percent.toFixed(0))}</Text>
      </Group>
      {[...failing, ...cases.filter((one) => one.failure === undefined)].map((one) => (
        <Case key={one.name} one={one} onLine={onLine} />
      ))}
      {open.length > 0 && (
        <details>
          <summary>{texts.open}</summary>
          {open.map(({ step, open: ways }) => (
            <Text key={step} size="sm">
              {step}: {ways.join(', ')}
            </Text>
          ))}
        </details>
      )}
    </Stack>
  );
}

function Case({ one, onLine }: { readonly one: TestedCase; readonly onLine: ResultsProps['onLine'] }) {
  const texts = useTexts(studioTexts);
  const { name, failure, story } = one;
  return (
    <details open={failure !== undefined}>
      <summary>
        <Badge component="span" size="sm" color={failure === undefined ? 'green' : 'red'} mr="xs">
          {failure === undefined ? texts.pass : texts.fail}
        </Badge>
        {name}
      </summary>
      {failure !== undefined && (
        <Alert color="red" my="xs">
          <Text size="sm">
            {texts.expected}: {failure.expected}
          </Text>
          <Text size="sm">
            {texts.instead}: {failure.instead.join('; ')}
          </Text>
          <Button mt={4} size="compact-xs" variant="default" onClick={() => onLine(failure.line, failure.column)}>
            {texts.inLine(failure.line)}
          </Button>
        </Alert>
      )}
      <ol>
        {story.map(({ text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story is never sorted, and its lines repeat
          <li key={index}>
            <Text size="sm">{text}</Text>
          </li>
        ))}
      </ol>
    </details>
  );
}
