// Where a prompt is used: each step with its line, which leads into the studio.
import { Anchor, Card, Code, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { WirePromptUse } from '../../contract/prompt/prompt.js';
import { useTexts } from '../texts/language.js';
import { promptTexts } from './texts.js';

export interface UsesProps {
  readonly name: string;
  readonly uses: readonly WirePromptUse[];
}

export function Uses({ name, uses }: UsesProps) {
  const texts = useTexts(promptTexts);
  return (
    <Card withBorder component="section" aria-label={texts.usedIn}>
      <Stack gap="xs">
        <Title order={2} size="h3">
          {texts.usedIn}
        </Title>
        {uses.length === 0 ? (
          <Text>
            <Code>{`${texts.noUse}${name}`}</Code>
          </Text>
        ) : (
          <UseTable uses={uses} />
        )}
      </Stack>
    </Card>
  );
}

function UseTable({ uses }: Pick<UsesProps, 'uses'>) {
  const texts = useTexts(promptTexts);
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.flow}</Table.Th>
            <Table.Th>{texts.step}</Table.Th>
            <Table.Th>{texts.languages}</Table.Th>
            <Table.Th>{texts.saidThere}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {uses.map(({ flow, step, line, languages, texts: said, fillsIn }) => (
            <Table.Tr key={`${flow} ${line} ${step}`}>
              <Table.Td>
                <PlaceLink flow={flow} line={line} />
              </Table.Td>
              <Table.Td>{step}</Table.Td>
              <Table.Td>{languages.join(', ')}</Table.Td>
              <Table.Td>
                {Object.keys(said).length === 0
                  ? texts.noTextThere
                  : Object.entries(said).map(([language, text]) => (
                      <Text key={language} size="sm" className="prompt-text" lineClamp={2}>
                        {language}: {text}
                      </Text>
                    ))}
                {fillsIn && (
                  <Text size="sm" c="orange.9" className="prompt-warning">
                    {texts.fillsIn}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Without a flow: the emergency message, which is switched from the floor. */
function PlaceLink({ flow, line = 1 }: Pick<WirePromptUse, 'flow' | 'line'>) {
  const texts = useTexts(promptTexts);
  if (flow === undefined)
    return <Anchor renderRoot={(props) => <Link {...props} to="/supervisor" />}>{texts.inEmergency}</Anchor>;
  return (
    <Anchor
      renderRoot={(props) => <Link {...props} to="/admin/flows/$name" params={{ name: flow }} search={{ line }} />}
    >
      {texts.lineOf(flow === 'centre' ? texts.ofCentre : flow, line)}
    </Anchor>
  );
}
