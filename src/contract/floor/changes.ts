// What supervisors change on the floor besides talks: limits of alarms, alarms they have seen, the teams of agents.
import { z } from 'zod';
import { name, time } from '../wire.js';

const MINUTES_MAX = 7 * 24 * 60;

export const alarmKind = z.enum(['nobody', 'longest-wait', 'waiting', 'service-level']);

export const alarmLimitsWish = z.strictObject({
  waiting: z.int().min(0).max(10_000).describe('Alarm when more wait.'),
  waitS: z.int().min(1).max(86_400).describe('… when somebody waits for longer, in seconds.'),
  serviceLevel: z.number().min(0).max(100).describe('… when less of today’s calls was answered in time, in per cent.'),
});

export const acknowledgement = z.strictObject({
  minutes: z.int().min(1).max(240).default(15).describe('So long it is silent.'),
});

export const teamWish = z.strictObject({
  team: name,
  minutes: z.int().min(1).max(MINUTES_MAX).optional().describe('Left out: until somebody changes it.'),
});

export const teamList = z.object({
  teams: z.array(z.string()),
  moves: z.array(
    z.object({ agent: z.string(), team: z.string(), by: z.string(), since: time, until: time.optional() }),
  ),
});
export type WireTeams = z.infer<typeof teamList>;
