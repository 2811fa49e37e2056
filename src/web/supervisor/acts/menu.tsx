// The button at the end of a row with what can be done there.
import { Menu } from '@mantine/core';
import { memo, useRef, useState } from 'react';
import { useTexts } from '../../texts/language.js';
import { supervisorTexts } from '../texts.js';

export interface Choice {
  readonly label: string;
  readonly danger?: boolean;
  readonly run: () => void;
}

interface ActMenuProps {
  readonly who: string;
  readonly choices: readonly Choice[];
}

/** The menu itself is made when somebody asks for it: in long tables hundreds of these buttons go by. */
export function ActMenu({ who, choices }: ActMenuProps) {
  const texts = useTexts(supervisorTexts);
  const [wanted, setWanted] = useState(false);
  if (wanted) return <OpenMenu who={who} choices={choices} />;
  return (
    <button
      type="button"
      className="act-button"
      aria-label={texts.acts(who)}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setWanted(true)}
    >
      <Dots />
    </button>
  );
}

/** Open from its beginning; stays what it is when it is closed again, so that the focus comes back to it. */
function OpenMenu({ who, choices }: ActMenuProps) {
  const texts = useTexts(supervisorTexts);
  const target = useRef<HTMLButtonElement>(null);
  return (
    // The button that it came from is gone by the time the menu would remember it.
    <Menu position="bottom-end" withinPortal defaultOpened onClose={() => target.current?.focus()}>
      <Menu.Target>
        <button ref={target} type="button" className="act-button" aria-label={texts.acts(who)}>
          <Dots />
        </button>
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

const Dots = memo(function Dots() {
  return (
    <svg viewBox="0 0 24 24" width={18} height={18} aria-hidden="true" fill="currentColor">
      <circle cx="12" cy="5" r="1.6" />
      <circle cx="12" cy="12" r="1.6" />
      <circle cx="12" cy="19" r="1.6" />
    </svg>
  );
});
