// The flow's tests on the draft: which hold, what there was instead, which ways nobody tries.
import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTexts } from '../texts/language.js';
import type { CompilerThread } from './compiler/thread.js';
import type { Tested, TestedCase } from './compiler/workshop.js';
import { listQuery, testsQuery } from './published.js';
import { studioTexts } from './texts.js';

export interface TestsProps {
  readonly name: string;
  readonly text: string;
  readonly compiler: CompilerThread;
}

export function Tests({ name, text, compiler }: TestsProps) {
  const texts = useTexts(studioTexts);
  const { data: list } = useQuery(listQuery);
  const isTested = list?.flows.some((flow) => flow.name === name && flow.tests) ?? false;
  const { data: tests } = useQuery({ ...testsQuery(name), enabled: isTested });
  const run = useMutation({ mutationFn: (body: string) => compiler.test(name, text, body) });
  if (!isTested) return <Text>{texts.noTests}</Text>;
  return (
    <Stack>
      <Button disabled={tests === undefined} loading={run.isPending} onClick={() => run.mutate(tests?.text ?? '')}>
        {texts.run}
      </Button>
      {run.error !== null && (
        <Alert color="red" role="alert">
          {run.error.message}
        </Alert>
      )}
      <div aria-live="polite">{run.data !== undefined && <Result tested={run.data} />}</div>
    </Stack>
  );
}

function Result({ tested }: { readonly tested: Tested }) {
  const texts = useTexts(studioTexts);
  if (tested.kind === 'faulty') {
    return (
      <Alert color="red" title={texts.faultyFirst}>
        {tested.issues.map(({ file, line, column, message }) => (
          <Text key={`${file} ${line} ${column} ${message}`} size="sm">
            {file}:{line}:{column}: {message}
          </Text>
        ))}
      </Alert>
    );
  }
  const { cases, passed, failed, percent, open } = tested;
  return (
    <Stack gap="xs">
      <Group>
        <Badge size="lg" color={failed > 0 ? 'red' : 'green'}>
          {texts.passed(passed, failed)}
        </Badge>
        <Text>{texts.coverage(percent.toFixed(0))}</Text>
      </Group>
      {[...cases]
        .sort((a, b) => Number(b.failure !== undefined) - Number(a.failure !== undefined))
        .map((one) => (
          <Case key={one.name} {...one} />
        ))}
      {open.length > 0 && (
        <details>
          <summary>{texts.open}</summary>
          {open.map(({ step, ways }) => (
            <Text key={step} size="sm">
              {step}: {ways.join(', ')}
            </Text>
          ))}
        </details>
      )}
    </Stack>
  );
}

function Case({ name, failure, story }: TestedCase) {
  const texts = useTexts(studioTexts);
  return (
    <details open={failure !== undefined}>
      <summary>
        <Badge component="span" size="sm" color={failure === undefined ? 'green' : 'red'} mr="xs">
          {failure === undefined ? texts.pass : texts.fail}
        </Badge>
        {name}
      </summary>
      {failure !== undefined && (
        <Alert color="red" my="xs" title={texts.inLine(failure.line)}>
          <Text size="sm">
            {texts.expected}: {failure.expected}
          </Text>
          <Text size="sm">
            {texts.instead}: {failure.instead.join('; ')}
          </Text>
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
