// Memory and latency over the time of a load test, as one SVG picture.
import type { BenchReport, Moment } from './report.js';

const WIDTH = 800;
const HEIGHT = 220;
const LEFT = 70;
const GAP = 60;

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly value: (moment: Moment) => number;
}

export function plotOf({ overTime, rate, media, agents }: BenchReport): string {
  const panels = [
    panel(overTime, 0, 'Latency, p95, ms', [
      { name: 'INVITE → 200', colour: '#1f77b4', value: (moment) => moment.answerP95Ms },
      { name: 'key → agent INVITE', colour: '#d62728', value: (moment) => moment.agentP95Ms },
    ]),
    panel(overTime, HEIGHT + GAP, 'Resident memory, MB', [
      { name: 'app', colour: '#2ca02c', value: ({ rssMb }) => rssMb.app },
      { name: 'switch', colour: '#9467bd', value: ({ rssMb }) => rssMb.switch },
      { name: 'postgres', colour: '#8c564b', value: ({ rssMb }) => rssMb.postgres },
      { name: 'redis', colour: '#ff7f0e', value: ({ rssMb }) => rssMb.redis },
    ]),
  ];
  const [width, height] = [LEFT + WIDTH + 20, 2 * (HEIGHT + GAP) + 30];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${LEFT}" y="18" font-size="14">${rate} calls/s, ${media} media, ${agents} agents</text>
<g transform="translate(${LEFT} 40)">
${panels.join('\n')}
</g>
</svg>
`;
}

function panel(moments: readonly Moment[], top: number, title: string, lines: readonly Line[]): string {
  const highest = Math.max(1, ...moments.flatMap((moment) => lines.map(({ value }) => value(moment))));
  const lastS = Math.max(1, moments.at(-1)?.atS ?? 1);
  const x = (atS: number): string => ((atS / lastS) * WIDTH).toFixed(1);
  const y = (value: number): string => (HEIGHT - (value / highest) * HEIGHT).toFixed(1);
  const drawn = lines.map(({ name, colour, value }, index) => {
    const points = moments.map((moment) => `${x(moment.atS)},${y(value(moment))}`).join(' ');
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points}"/>
<text x="${10 + index * 150}" y="14" fill="${colour}">${name}</text>`;
  });
  const marks = [0, 0.5, 1].map(
    (
      share,
    ) => `<text x="-8" y="${Number(y(highest * share)) + 4}" text-anchor="end">${(highest * share).toFixed(0)}</text>
<line x1="0" x2="${WIDTH}" y1="${y(highest * share)}" y2="${y(highest * share)}" stroke="#ddd"/>`,
  );
  return `<g transform="translate(0 ${top})">
<text x="0" y="-6">${title}; time in s, 0 to ${lastS}</text>
${marks.join('\n')}
${drawn.join('\n')}
</g>`;
}
