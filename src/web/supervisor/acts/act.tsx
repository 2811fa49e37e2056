// Acts of a supervisor: asked of Hilo, told when they failed, and confirmed first where they do harm.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type Asked, ask } from '../../session/http.js';
import { NotDone } from '../../shell/not-done.js';
import { useTexts } from '../../texts/language.js';
import { supervisorTexts } from '../texts.js';

export interface Act {
  readonly path: string;
  readonly method: NonNullable<Asked['method']>;
  readonly body?: unknown;
}

/** What is asked before it is done. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly act: Act;
}

interface Acting {
  /** At once. */
  readonly act: (act: Act) => void;
  /** After a confirmation. */
  readonly confirm: (question: Question) => void;
  /** A form in a window of its own; undefined: none. */
  readonly open: (form: ReactNode) => void;
}

const ActingContext = createContext<Acting>({ act: () => undefined, confirm: () => undefined, open: () => undefined });

export function useActing(): Acting {
  return useContext(ActingContext);
}

export function useAct() {
  return useMutation({ mutationFn: ({ path, ...asked }: Act) => ask<unknown>(path, asked) });
}

/** Holds the window that is open over the floor, and says what failed. */
export function ActingFrame({ children }: { readonly children: ReactNode }) {
  const { mutate, error, reset } = useAct();
  const [form, setForm] = useState<ReactNode>();
  const confirm = useCallback((question: Question) => setForm(<Confirmation {...question} />), []);
  const acting = useMemo(() => ({ act: (act: Act) => mutate(act), confirm, open: setForm }), [mutate, confirm]);
  return (
    <ActingContext value={acting}>
      <NotDone failure={error?.message} forget={reset} />
      {children}
      {form !== undefined && <GivingBack>{form}</GivingBack>}
    </ActingContext>
  );
}

/** The focus goes back to where it was before the window (WCAG 2.4.3): the window itself is never closed, only gone. */
function GivingBack({ children }: { readonly children: ReactNode }) {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return children;
}

function Confirmation({ title, text, act }: Question) {
  return (
    <ActWindow title={title} action={title} danger act={() => act}>
      <Text>{text}</Text>
    </ActWindow>
  );
}

export interface ActWindowProps {
  readonly title: string;
  /** On the button that does it. */
  readonly action: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Made when the button is pressed. */
  readonly act: () => Act;
  readonly children: ReactNode;
}

/** A window with one act: stays open, with the reason, when it fails. */
export function ActWindow({ title, action, danger = false, disabled = false, act, children }: ActWindowProps) {
  const texts = useTexts(supervisorTexts);
  const { open } = useActing();
  const { mutate, error, isPending } = useAct();
  const close = (): void => open(undefined);
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': texts.close }} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mutate(act(), { onSuccess: close });
        }}
      >
        <Stack>
          {children}
          {error && (
            <Alert color="red" role="alert">
              {error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={isPending} disabled={disabled} {...(danger ? { color: 'red.9' } : {})}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
