// A visit: who one is in it, what happens, and how it begins anew.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { WireVisit, WireVisitView } from '../../contract/visit.js';
import type { PhoneView } from '../phone/phone-view.js';
import { SoftPhone } from '../phone/soft-phone.js';
import { ask } from '../session/http.js';
import { useLanguage } from '../texts/language.js';
import { Headset } from './headset.js';

/** Soon enough to look live; one machine asks itself. */
const LOOK_MS = 500;

/** Begun when it is first shown, and whenever `restart` is called. */
export function useVisit() {
  const [round, setRound] = useState(0);
  const { data, error, isFetching } = useQuery({
    queryKey: ['visit', round],
    queryFn: () => ask<WireVisit>('/api/visits', { method: 'POST' }),
    // A visit is begun once, whatever grows old.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  return { visit: data, error, isFetching, restart: () => setRound((before) => before + 1) };
}

export function useVisitView({ id }: WireVisit) {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ['visit-view', id, language],
    queryFn: () => ask<WireVisitView>(`/api/visits/${id}`),
    refetchInterval: LOOK_MS,
    refetchIntervalInBackground: true,
    placeholderData: (before) => before,
  });
}

export function useWrite({ number }: WireVisit) {
  return useMutation({
    mutationFn: (text: string) =>
      ask<undefined>('/api/sandbox/messages', { method: 'POST', body: { from: number, text } }),
  });
}

export function useAgentReady({ id }: WireVisit) {
  return useMutation({ mutationFn: () => ask<undefined>(`/api/visits/${id}/agent-ready`, { method: 'POST' }) });
}

export interface Phones {
  readonly customer: SoftPhone;
  readonly agent: SoftPhone;
  readonly headset: Headset;
}

/** Both registered as long as they are shown. */
export function usePhones(visit: WireVisit): Phones {
  const [phones] = useState(() => phonesOf(visit));
  useEffect(() => {
    const leave = (): void => {
      phones.customer.stop();
      phones.agent.stop();
    };
    const end = (): void => {
      leave();
      // Asked of a page that is going away.
      void fetch(`/api/visits/${visit.id}`, { method: 'DELETE', keepalive: true });
    };
    void phones.customer.start();
    void phones.agent.start();
    addEventListener('pagehide', end);
    return () => {
      removeEventListener('pagehide', end);
      leave();
      phones.headset.close();
    };
  }, [phones, visit]);
  return phones;
}

export function usePhoneView(phone: SoftPhone): PhoneView {
  const [subscribe] = useState(() => (listener: () => void) => phone.onState(listener));
  return useSyncExternalStore(subscribe, () => phone.view);
}

function phonesOf({ customerPhone, agentPhone }: WireVisit): Phones {
  const headset = new Headset();
  return {
    headset,
    customer: new SoftPhone({ account: async () => customerPhone, sound: headset.soundOf('customer') }),
    agent: new SoftPhone({ account: async () => agentPhone, sound: headset.soundOf('agent') }),
  };
}
