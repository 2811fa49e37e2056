// A list that few want to see, behind a button.
import { Button, Group, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface FoldedProps {
  /** On the button. */
  readonly title: string;
  /** Drawn, and asked for, once it is unfolded. */
  readonly children: ReactNode;
}

export function Folded({ title, children }: FoldedProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Stack gap="xs">
      <Group>
        <Button variant="subtle" size="xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {title}
        </Button>
      </Group>
      {isOpen && children}
    </Stack>
  );
}
