// The button at the end of a row with what can be done there.
import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { useTexts } from '../../texts/language.js';
import { supervisorTexts } from '../texts.js';

export interface Choice {
  readonly label: string;
  readonly danger?: boolean;
  readonly run: () => void;
}

export function ActMenu({ who, choices }: { readonly who: string; readonly choices: readonly Choice[] }) {
  const texts = useTexts(supervisorTexts);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={texts.acts(who)}>
          <IconDotsVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ label, danger, run }) => (
          <Menu.Item key={label} onClick={run} {...(danger ? { color: 'red.9' } : {})}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
