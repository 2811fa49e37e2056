// The title of a page: its one first heading, the name of its tab, and where the focus goes when somebody comes here.
import { Title, type TitleProps } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';

const PRODUCT = 'Hilo';

interface PageTitleProps extends Omit<TitleProps, 'children' | 'order'> {
  readonly children: string;
  /** What the tab says, where several pages have the same heading. */
  readonly tab?: string;
}

export function PageTitle({ children, tab = children, ...props }: PageTitleProps) {
  useEffect(() => {
    document.title = tab === PRODUCT ? PRODUCT : `${tab} · ${PRODUCT}`;
  }, [tab]);
  return (
    <Title size="h2" {...props} order={1} tabIndex={-1}>
      {children}
    </Title>
  );
}

/** As long as it is there the tab is called so, and not as the page. */
export function useTabTitle(title: string | undefined): void {
  useEffect(() => {
    if (title === undefined) return;
    const ofThePage = document.title;
    document.title = title;
    return () => {
      document.title = ofThePage;
    };
  }, [title]);
}

/**
 * Who goes to another page begins at its title, as after a load (WCAG 2.4.3): what they pressed may be gone, or stands before it. Where
 * the pressed one is in the page and still there, as the tabs of a part, they stay.
 */
export function useFocusOnNewPage(): RefObject<HTMLElement | null> {
  const router = useRouter();
  const content = useRef<HTMLElement>(null);
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        const main = content.current;
        if (fromLocation === undefined || !pathChanged || main === null) return;
        const { activeElement } = document;
        if (activeElement !== main && main.contains(activeElement)) return;
        // Above what came with it: where one has been before, the router has put the page back to its place.
        (main.querySelector<HTMLElement>('h1') ?? main).focus({ preventScroll: true });
      }),
    [router],
  );
  return content;
}
