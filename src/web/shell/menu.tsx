// The menu: where this person may go, and where they are.
import { Badge, Box, NavLink, Text } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import type { WirePerson } from '../../contract/session.js';
import { useLive } from '../live/live.js';
import { mayUse } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { AREAS, type Area, areasFor } from './areas.js';
import { shellTexts } from './texts.js';

export function Menu({ person, onGo }: { readonly person: WirePerson; readonly onGo: () => void }) {
  const texts = useTexts(shellTexts);
  const here = useLocation({ select: ({ pathname }) => areaAt(pathname) });
  return areasFor((least) => mayUse(person, least)).map(([group, areas]) => (
    <Box key={group} component="section" aria-labelledby={`menu-${group}`} mb="md">
      <Text id={`menu-${group}`} size="sm" fw={600} px="sm" c="dimmed">
        {texts[group]}
      </Text>
      {areas.map(({ name, path }) => (
        <NavLink
          key={name}
          component={Link}
          to={path}
          // Which one is the present one is decided here: to the router the desk is present on every page below it.
          activeOptions={{ exact: true }}
          label={texts[name]}
          rightSection={name === 'work-list' ? <ToDo person={person} /> : undefined}
          active={name === here}
          aria-current={name === here ? 'page' : undefined}
          onClick={onGo}
        />
      ))}
    </Box>
  ));
}

/** How much is owed to customers in the queues of this person; nothing is said of nothing. */
function ToDo({ person }: { readonly person: WirePerson }) {
  const texts = useTexts(shellTexts);
  const live = useLive('work');
  const work = live.get(person.name) ?? live.get('*');
  const many = work === undefined ? 0 : work.callbacks + work.lost + work.voicemails;
  if (many === 0) return null;
  return (
    <Badge variant="filled" color="orange.9" aria-label={texts.toDo(many)}>
      {many}
    </Badge>
  );
}

/** The area with the longest address that this one begins with; parts of the centre are all one area. */
function areaAt(pathname: string): Area['name'] | undefined {
  // Who writes the guide is still in the guide.
  if (pathname.startsWith('/supervisor/guide')) return 'guide';
  const within = AREAS.filter(({ path }) => `${pathname}/`.startsWith(`${folderOf(path)}/`));
  return within.sort((one, other) => other.path.length - one.path.length)[0]?.name;
}

function folderOf(path: Area['path']): string {
  return path === '/admin/centre/queues' ? '/admin/centre' : path;
}
