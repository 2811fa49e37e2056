// Which of the agent's devices rings: the browser, the desk phone, a number; kept by Hilo, so it holds wherever one signs in.
import { Alert, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DeviceKind, WirePhoneDevices } from '../../contract/talk/phone.js';
import { ask } from '../session/http.js';
import { useTexts } from '../texts/language.js';
import { phoneTexts } from './texts.js';

const PATH = '/api/phone/devices';
const KEY = ['phone', 'devices'];

export function DeviceChoice() {
  const texts = useTexts(phoneTexts);
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: KEY, queryFn: () => ask<WirePhoneDevices>(PATH) });
  const choice = useMutation({
    mutationFn: (kind: DeviceKind | null) => ask<WirePhoneDevices>(PATH, { method: 'PUT', body: { kind } }),
    onSuccess: (devices) => queries.setQueryData(KEY, devices),
  });
  const failed = choice.error ?? error;
  if (data === undefined) return failed === null ? null : <Alert color="red">{failed.message}</Alert>;
  const kinds = [...new Set(data.devices.map(({ kind }) => kind))];
  const namesOf = (kind: DeviceKind): string =>
    data.devices
      .filter((device) => device.kind === kind)
      .map(({ name, number }) => number ?? name)
      .join(', ');
  return (
    <Stack gap="xs">
      <Radio.Group
        label={texts.ringsAt}
        value={data.kind ?? 'all'}
        onChange={(kind) => choice.mutate(kind === 'all' ? null : (kind as DeviceKind))}
      >
        <Stack gap="xs" mt="xs">
          {kinds.map((kind) => (
            <Radio key={kind} value={kind} label={texts.kinds[kind]} description={namesOf(kind)} />
          ))}
          <Radio value="all" label={texts.kinds.all} description={texts.allWhy} />
        </Stack>
      </Radio.Group>
      {data.kind === 'number' && <Text size="sm">{texts.acceptKey}</Text>}
      {failed !== null && (
        <Alert color="red" role="alert">
          {failed.message}
        </Alert>
      )}
    </Stack>
  );
}
