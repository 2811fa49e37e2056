import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/switch/channel/command/evaluation.js';
import { stateMediaStatistics } from '../../../src/switch/channel/command/media-statistics.js';
import { Variables } from '../../../src/switch/channel/variables.js';
import { NO_STATISTICS } from '../../../src/switch/media/engine-leg.js';
import type { LegStatistics } from '../../../src/switch/media/media-leg.js';

function stated(received: Partial<LegStatistics['received']>, sent: Partial<LegStatistics['sent']> = {}): Variables {
  const variables = new Variables();
  stateMediaStatistics(variables, {
    received: { ...NO_STATISTICS.received, ...received },
    sent: { ...NO_STATISTICS.sent, ...sent },
  });
  return variables;
}

describe('the figures of a leg in FreeSWITCH’s names', () => {
  test('nothing heard: nothing wrong, and nothing about what nobody reported', () => {
    const variables = stated({});
    expect(variables.get('rtp_audio_in_quality_percentage')).toBe('100.00');
    expect(variables.get('rtp_audio_in_mos')).toBe('4.39');
    expect(variables.get('rtp_audio_out_mos')).toBeUndefined();
  });

  test('loss, late packets and jitter lower the opinion', () => {
    const variables = stated({ packets: 900, lost: 100, gaps: 40, discarded: 20, jitterMs: 30, jitterMaxMs: 55.5 });
    const value = (name: string): number => Number(variables.get(`rtp_audio_in_${name}`));
    expect(value('jitter_loss_rate')).toBe(12);
    expect(value('jitter_burst_rate')).toBe(60);
    expect(value('skip_packet_count')).toBe(100);
    expect(value('jitter_packet_count')).toBe(20);
    expect(value('flaw_total')).toBe(120);
    expect(value('jitter_max_variance')).toBe(55.5);
    expect(value('mos')).toBeGreaterThan(2.5);
    expect(value('mos')).toBeLessThan(3.4);
  });

  test('the other direction, once the remote party has reported', () => {
    const sent = { packets: 1_000, remoteReports: 2, remoteLost: 50, remoteJitterMs: 4, roundTripMs: 600 };
    const variables = stated({ packets: 1_000, remotePackets: 990, remoteBytes: 9 }, sent);
    expect(variables.get('rtp_audio_out_jitter_loss_rate')).toBe('5.00');
    expect(variables.get('rtp_audio_rtcp_round_trip_ms')).toBe('600.0');
    expect(variables.get('rtp_audio_rtcp_packet_count')).toBe('990');
    // The way is as long in both directions; only one of them loses packets.
    const [heard, given] = [variables.get('rtp_audio_in_mos'), variables.get('rtp_audio_out_mos')].map(Number);
    expect(heard).toBeLessThan(4);
    expect(given).toBeLessThan((heard ?? 0) - 0.5);
  });

  test('`eval` tells several in one answer', async () => {
    const variables = stated({ packets: 7 });
    const channels = { get: (id: string) => (id === 'leg-1' ? { variables } : undefined) };
    const text = `$\{rtp_audio_in_packet_count},$\{rtp_audio_in_mos},$\{nobody_set_this}`;
    const ask = (words: readonly string[]): unknown =>
      evaluate({ words, rest: (count) => words.slice(count).join(' ') }, { channels } as never);
    expect(ask(['uuid:leg-1', text])).toBe('7,4.39,');
    expect(ask(['uuid:other', text])).toMatch(/^-ERR/);
    expect(ask([`plain $\{text}`])).toBe('plain ');
  });
});
