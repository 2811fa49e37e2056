// The first page: what this is, and where to go on.
import { Anchor, Button, Container, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WirePerson } from '../../contract/session.js';
import { mayUse, personQuery } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { areasFor } from './areas.js';
import { PageTitle } from './page-title.js';
import { shellTexts } from './texts.js';

export function Home() {
  const texts = useTexts(shellTexts);
  const { data: person } = useQuery(personQuery);
  return (
    <Container size="sm" py="xl">
      <Stack>
        <PageTitle size="h1">Hilo</PageTitle>
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
        </Group>
        {person && <Places person={person} />}
        <Anchor href="/docs">{texts.apiDocs}</Anchor>
      </Stack>
    </Container>
  );
}

function Places({ person }: { readonly person: WirePerson }) {
  const texts = useTexts(shellTexts);
  return areasFor((least) => mayUse(person, least)).map(([group, areas]) => (
    <Stack key={group} component="section" gap="xs" aria-labelledby={`home-${group}`}>
      <Title order={2} size="h4" id={`home-${group}`}>
        {texts[group]}
      </Title>
      <Group>
        {areas.map(({ name, path }) => (
          <Button key={name} component={Link} to={path} variant="default">
            {texts[name]}
          </Button>
        ))}
      </Group>
    </Stack>
  ));
}
