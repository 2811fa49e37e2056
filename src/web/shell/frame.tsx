// The frame around every page: where one is, who one is, in which language, and whether Hilo is reached.
import {
  ActionIcon,
  Alert,
  AppShell,
  Burger,
  Button,
  Group,
  NativeSelect,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSunMoon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import type { WirePerson } from '../../contract/session.js';
import { useLink } from '../live/live.js';
import { PlacedCall } from '../owed/placed-call.js';
import { PhoneProvider } from '../phone/phone-provider.js';
import { personQuery, useSignOut } from '../session/session.js';
import { type Language, useLanguage, useTexts } from '../texts/language.js';
import { Menu } from './menu.js';
import { Notices } from './notices.js';
import { useFocusOnNewPage } from './page-title.js';
import { SearchBox } from './search-box.js';
import { shellTexts } from './texts.js';

export function Frame() {
  const texts = useTexts(shellTexts);
  const { data: person } = useQuery(personQuery);
  const [isOpen, { toggle, close }] = useDisclosure();
  const main = useFocusOnNewPage();
  const navbar = { width: 210, breakpoint: 'lg', collapsed: { mobile: !isOpen } } as const;
  return (
    <AppShell header={{ height: 56 }} padding="md" {...(person ? { navbar } : {})}>
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <AppShell.Header>
        <Group className="head" h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            {person && (
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="lg"
                size="sm"
                aria-label={texts.menu}
                aria-expanded={isOpen}
              />
            )}
            <Text component={Link} to="/" fw={700} size="lg" c="inherit" td="none">
              Hilo
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {person && <SearchBox />}
            <LanguageChoice />
            <SchemeButton />
            {person && (
              <Group gap="xs" wrap="nowrap" visibleFrom="xs">
                <SignOut person={person} />
              </Group>
            )}
          </Group>
        </Group>
      </AppShell.Header>
      {person && (
        <AppShell.Navbar p="xs" aria-label={texts.areas} className="menu">
          <Menu person={person} onGo={close} />
          <Group gap="xs" hiddenFrom="xs">
            <SignOut person={person} />
          </Group>
        </AppShell.Navbar>
      )}
      <AppShell.Main id="content" tabIndex={-1} ref={main}>
        {person && <LinkState />}
        {person && <Notices />}
        {person && <PlacedCall />}
        {/* Around every page: a call goes on while one looks something up elsewhere. */}
        {person ? (
          <PhoneProvider key={person.name}>
            <Outlet />
          </PhoneProvider>
        ) : (
          <Outlet />
        )}
      </AppShell.Main>
    </AppShell>
  );
}

function LanguageChoice() {
  const texts = useTexts(shellTexts);
  const { language, choose } = useLanguage();
  return (
    <NativeSelect
      aria-label={texts.language}
      size="xs"
      value={language}
      data={[
        { value: 'es', label: texts.spanish },
        { value: 'en', label: texts.english },
      ]}
      onChange={({ currentTarget }) => choose(currentTarget.value as Language)}
    />
  );
}

function SchemeButton() {
  const texts = useTexts(shellTexts);
  const { toggleColorScheme } = useMantineColorScheme();
  return (
    <ActionIcon variant="subtle" aria-label={texts.scheme} onClick={toggleColorScheme}>
      <IconSunMoon size={20} />
    </ActionIcon>
  );
}

function SignOut({ person }: { readonly person: WirePerson }) {
  const texts = useTexts(shellTexts);
  const navigate = useNavigate();
  const { mutate } = useSignOut();
  const leave = (): void => mutate(undefined, { onSettled: () => void navigate({ to: '/' }) });
  return (
    <>
      <Button component={Link} to="/account" variant="subtle" size="xs" aria-label={`${texts.account}: ${person.name}`}>
        {person.name}
      </Button>
      <Button variant="default" size="xs" title={texts.signedInAs(person.name)} onClick={leave}>
        {texts.signOut}
      </Button>
    </>
  );
}

function LinkState() {
  const texts = useTexts(shellTexts);
  const link = useLink();
  if (link === 'open' || link === 'connecting') return null;
  return (
    <Alert color={link === 'cut-off' ? 'yellow' : 'red'} role="status" mb="md">
      {link === 'cut-off' ? (
        texts.cutOff
      ) : (
        <Group>
          {texts.signedOut}
          {/* Anew: nothing that was shown stays, and who may be here is asked again. */}
          <Button size="compact-sm" onClick={() => location.reload()}>
            {texts.goOn}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
