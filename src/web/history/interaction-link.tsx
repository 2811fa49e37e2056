// The way to the page of an interaction.
import { Anchor, type AnchorProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface InteractionLinkProps extends AnchorProps {
  readonly id: string;
  readonly children: ReactNode;
}

export function InteractionLink({ id, children, ...look }: InteractionLinkProps) {
  return (
    <Anchor {...look} renderRoot={(props) => <Link to="/agent/interactions/$id" params={{ id }} {...props} />}>
      {children}
    </Anchor>
  );
}
