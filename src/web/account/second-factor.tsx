// The second factor: enrolled with an app in three steps, with recovery codes; switched off with password and code.
import {
  Alert,
  Anchor,
  Button,
  Code,
  CopyButton,
  Group,
  Loader,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import type { WireBegunFactor, WireRecoveryCodes } from '../../contract/account/account.js';
import { Fault } from '../admin/page.js';
import { useAct } from '../admin/requests.js';
import { useTexts } from '../texts/language.js';
import { accountTexts } from './texts.js';

const QrCode = lazy(async () => ({ default: (await import('./qr-code.js')).QrCode }));

const PATH = '/api/me/second-factor';

type Step =
  | { readonly kind: 'rest' }
  | { readonly kind: 'proving' | 'switching-off' }
  | { readonly kind: 'scanning'; readonly begun: WireBegunFactor }
  | { readonly kind: 'codes'; readonly codes: readonly string[] };

export function SecondFactor({ isOn }: { readonly isOn: boolean }) {
  const texts = useTexts(accountTexts);
  const [step, setStep] = useState<Step>({ kind: 'rest' });
  const rest = (): void => setStep({ kind: 'rest' });
  return (
    <Stack>
      <Title order={2} size="h4">
        {texts.factor}
      </Title>
      <Text>{texts.factorHint}</Text>
      {step.kind === 'codes' && <RecoveryCodes codes={step.codes} onKept={rest} />}
      {step.kind === 'scanning' && (
        <Scanning begun={step.begun} onCodes={(codes) => setStep({ kind: 'codes', codes })} />
      )}
      {step.kind === 'proving' && <Proving onBegun={(begun) => setStep({ kind: 'scanning', begun })} />}
      {step.kind === 'switching-off' && <SwitchingOff onOff={rest} />}
      {step.kind === 'rest' && isOn && (
        <Group justify="space-between">
          <Alert color="green" role="status">
            {texts.isOn}
          </Alert>
          <Button variant="default" onClick={() => setStep({ kind: 'switching-off' })}>
            {texts.switchOff}
          </Button>
        </Group>
      )}
      {step.kind === 'rest' && !isOn && (
        <Group justify="flex-end">
          <Button onClick={() => setStep({ kind: 'proving' })}>{texts.begin}</Button>
        </Group>
      )}
    </Stack>
  );
}

function Proving({ onBegun }: { readonly onBegun: (begun: WireBegunFactor) => void }) {
  const texts = useTexts(accountTexts);
  const [password, setPassword] = useState('');
  const { mutate, isPending, error } = useAct<WireBegunFactor>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate({ path: PATH, method: 'POST', body: { password } }, { onSuccess: onBegun });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Fault error={error} />
        <Password value={password} onChange={setPassword} />
        <Go label={texts.next} isPending={isPending} />
      </Stack>
    </form>
  );
}

interface ScanningProps {
  readonly begun: WireBegunFactor;
  readonly onCodes: (codes: readonly string[]) => void;
}

function Scanning({ begun, onCodes }: ScanningProps) {
  const texts = useTexts(accountTexts);
  const [code, setCode] = useState('');
  const { mutate, isPending, error } = useAct<WireRecoveryCodes>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const done = ({ recoveryCodes }: WireRecoveryCodes): void => onCodes(recoveryCodes);
    mutate({ path: PATH, method: 'PUT', body: { code } }, { onSuccess: done });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{texts.scan}</Text>
        <Suspense fallback={<Loader size="sm" />}>
          <QrCode text={begun.uri} label={texts.qrCode} />
        </Suspense>
        <Text>{texts.typeKey}</Text>
        <Code block tabIndex={0} aria-label={texts.factor}>
          {begun.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
        </Code>
        <Anchor href={begun.uri}>{texts.openApp}</Anchor>
        <Text>{texts.typeCode}</Text>
        <Fault error={error} />
        <OneTimeCode value={code} onChange={setCode} />
        <Go label={texts.confirm} isPending={isPending} />
      </Stack>
    </form>
  );
}

function RecoveryCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const texts = useTexts(accountTexts);
  const text = codes.join('\n');
  return (
    <Stack>
      <Alert color="yellow" role="status" title={texts.recovery}>
        {texts.recoveryHint}
      </Alert>
      <Code block tabIndex={0} aria-label={texts.recovery}>
        {text}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} aria-live="polite">
              {copied ? texts.copied : texts.copy}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onKept}>{texts.kept}</Button>
      </Group>
    </Stack>
  );
}

function SwitchingOff({ onOff }: { readonly onOff: () => void }) {
  const texts = useTexts(accountTexts);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const { mutate, isPending, error } = useAct<undefined>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate({ path: PATH, method: 'DELETE', body: { password, code } }, { onSuccess: onOff });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Fault error={error} />
        <Password value={password} onChange={setPassword} />
        <OneTimeCode value={code} onChange={setCode} />
        <Go label={texts.switchOff} isPending={isPending} />
      </Stack>
    </form>
  );
}

interface FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Password({ value, onChange }: FieldProps) {
  const texts = useTexts(accountTexts);
  return (
    <PasswordInput
      label={texts.password}
      autoComplete="current-password"
      required
      autoFocus
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function OneTimeCode({ value, onChange }: FieldProps) {
  const texts = useTexts(accountTexts);
  return (
    <TextInput
      label={texts.code}
      description={texts.codeHint}
      autoComplete="one-time-code"
      required
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function Go({ label, isPending }: { readonly label: string; readonly isPending: boolean }) {
  return (
    <Group justify="flex-end">
      <Button type="submit" loading={isPending}>
        {label}
      </Button>
    </Group>
  );
}
