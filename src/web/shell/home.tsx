// The first page: what this is, and where to go on.
import { Anchor, Button, Container, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { mayUse, personQuery } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { AREAS } from './areas.js';
import { shellTexts } from './texts.js';

export function Home() {
  const texts = useTexts(shellTexts);
  const { data: person } = useQuery(personQuery);
  return (
    <Container size="sm" py="xl">
      <Stack>
        <Title>Hilo</Title>
        <Text size="lg">{texts.welcome}</Text>
        <Group>
          <Button component={Link} to="/try" size="md" variant={person === null ? 'filled' : 'default'}>
            {texts.tryIt}
          </Button>
          {person === null && (
            <Button component={Link} to="/sign-in" size="md" variant="default">
              {texts.signIn}
            </Button>
          )}
          {person &&
            AREAS.filter(({ least }) => mayUse(person, least)).map(({ name, path }) => (
              <Button key={name} component={Link} to={path} size="md">
                {texts[name]}
              </Button>
            ))}
        </Group>
        <Anchor href="/docs">{texts.apiDocs}</Anchor>
      </Stack>
    </Container>
  );
}
