// Texts of the supervisor's area.
import type { WireAgent } from '../../contract/agent.js';
import type { Texts } from '../texts/language.js';

const es = {
  floor: 'Sala',
  queues: 'Colas',
  queue: 'Cola',
  waiting: 'En espera',
  longest: 'Espera más larga',
  callbacks: 'Devoluciones',
  agents: 'Agentes',
  agent: 'Agente',
  state: 'Estado',
  since: 'Desde hace',
  reason: 'Motivo',
  devices: 'Dispositivos',
  nobody: '—',
  states: {
    offline: 'Desconectado',
    available: 'Disponible',
    break: 'Pausa',
    ringing: 'Sonando',
    busy: 'Ocupado',
    'wrap-up': 'Tareas posteriores',
  } satisfies Record<WireAgent['state'], string>,
};

export const supervisorTexts: Texts<typeof es> = {
  es,
  en: {
    floor: 'Floor',
    queues: 'Queues',
    queue: 'Queue',
    waiting: 'Waiting',
    longest: 'Longest wait',
    callbacks: 'Call-backs',
    agents: 'Agents',
    agent: 'Agent',
    state: 'State',
    since: 'For',
    reason: 'Reason',
    devices: 'Devices',
    nobody: '—',
    states: {
      offline: 'Offline',
      available: 'Available',
      break: 'Break',
      ringing: 'Ringing',
      busy: 'Busy',
      'wrap-up': 'Wrap-up',
    },
  },
};
