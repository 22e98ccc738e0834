import type { Figures, Result } from './figures';
import { isCalm, scenarios } from './scenarios';

const WIDTH = 760;
const LEFT = 200;
const BAR = 22;
const GAP = 40;
const COLOURS: Record<string, string> = {
  'bare relay': '#9aa5b1',
  'egg-im, 1 worker': '#1f7a8c',
  'egg-im, 2 workers': '#55a630',
};
const OTHER = '#c8873d';

/** What is compared in a part of the picture. */
interface Measure {
  readonly title: string;
  lengthOf(result: Result): number;
  labelOf(result: Result): string;
}

const SATURATED: Measure = {
  title: 'Messages acked a second, against a bare in-memory Socket.IO relay',
  lengthOf: ({ ratio }) => ratio,
  labelOf: ({ ratio, figures }) => `${ratio.toFixed(2)}×  ${ratesOf(figures)}, ${timesOf(figures, 0)}`,
};

/** Who writes one message at a time does not want many a second, but the ack soon. */
const CALM: Measure = {
  title: 'One message at a time: milliseconds to the ack, median (shorter is better)',
  lengthOf: ({ figures }) => figures.latency.p50,
  labelOf: ({ figures }) => `${timesOf(figures, 1)}, ${ratesOf(figures)}`,
};

/** A bar for each target of each scenario: of saturated ones its acked/s against the relay's, which is 1, of calm ones its latency. */
export function draw(results: readonly Result[], machine: string): string {
  const calm = new Set(scenarios.filter(isCalm).map(each => each.title));
  const parts = [
    { measure: SATURATED, own: results.filter(each => !calm.has(each.scenario)) },
    { measure: CALM, own: results.filter(each => calm.has(each.scenario)) },
  ].filter(({ own }) => own.length > 0);
  const lines: string[] = [];
  let y = 0;
  for (const { measure, own } of parts) {
    lines.push(text(24, y + 28, `${measure.title} (${machine})`, 'font-size="14" font-weight="600"'));
    y = bars(lines, y + 56, own, measure);
  }
  const attributes = [
    'xmlns="http://www.w3.org/2000/svg"',
    `viewBox="0 0 ${WIDTH + 160} ${y + 6}"`,
    'font-family="system-ui, sans-serif"',
    'font-size="13"',
    'role="img"',
    'aria-label="messages acked a second, and milliseconds to an ack, against a bare Socket.IO relay"',
  ];
  return `<svg ${attributes.join(' ')}>
<rect width="100%" height="100%" fill="#ffffff"/>
${lines.join('\n')}
</svg>
`;
}

/** Adds the bars of a part, from `y` on. Returns where it ends. */
function bars(lines: string[], from: number, results: readonly Result[], { lengthOf, labelOf }: Measure): number {
  const most = Math.max(...results.map(lengthOf));
  let y = from;
  for (const scenario of new Set(results.map(each => each.scenario))) {
    lines.push(text(24, y + 4, scenario, 'font-weight="600"'));
    y += 14;
    for (const result of results.filter(each => each.scenario === scenario)) {
      const width = Math.max(2, (lengthOf(result) / most) * (WIDTH - LEFT - 250));
      const place = `x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 4}"`;
      lines.push(text(LEFT - 12, y + 15, result.target, 'text-anchor="end"'));
      lines.push(`<rect ${place} fill="${COLOURS[result.target] ?? OTHER}"/>`);
      lines.push(text(LEFT + width + 8, y + 14, labelOf(result), 'font-size="11"'));
      y += BAR;
    }
    y += GAP - 14;
  }
  return y;
}

const ratesOf = ({ ackedPerSecond, deliveredPerSecond }: Figures) =>
  `${count(ackedPerSecond)} acked/s, ${count(deliveredPerSecond)} delivered/s`;

const timesOf = ({ latency: { p50, p99 } }: Figures, digits: number) =>
  `p50 ${p50.toFixed(digits)} p99 ${p99.toFixed(digits)} ms`;

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" fill="#1d2733" ${attributes}>${escaped}</text>`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
