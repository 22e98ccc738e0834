import type { Figures, Result } from './figures';

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

/** A bar for each target of each scenario: its acked/s against the relay's, which is 1. */
export function draw(results: readonly Result[], machine: string): string {
  const most = Math.max(...results.map(each => each.ratio));
  const scenarios = [...new Set(results.map(each => each.scenario))];
  const bars: string[] = [];
  let y = 56;
  for (const scenario of scenarios) {
    bars.push(text(24, y + 4, scenario, 'font-weight="600"'));
    y += 14;
    for (const { target, ratio, figures } of results.filter(each => each.scenario === scenario)) {
      const width = Math.max(2, (ratio / most) * (WIDTH - LEFT - 250));
      const place = `x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 4}"`;
      bars.push(text(LEFT - 12, y + 15, target, 'text-anchor="end"'));
      bars.push(`<rect ${place} fill="${COLOURS[target] ?? OTHER}"/>`);
      bars.push(text(LEFT + width + 8, y + 14, labelOf(ratio, figures), 'font-size="11"'));
      y += BAR;
    }
    y += GAP - 14;
  }
  const title = `Messages acked a second, against a bare in-memory Socket.IO relay (${machine})`;
  const attributes = [
    'xmlns="http://www.w3.org/2000/svg"',
    `viewBox="0 0 ${WIDTH + 160} ${y + 6}"`,
    'font-family="system-ui, sans-serif"',
    'font-size="13"',
    'role="img"',
    'aria-label="messages acked a second, against a bare Socket.IO relay"',
  ];
  return `<svg ${attributes.join(' ')}>
<rect width="100%" height="100%" fill="#ffffff"/>
${text(24, 28, title, 'font-size="14" font-weight="600"')}
${bars.join('\n')}
</svg>
`;
}

function labelOf(ratio: number, { ackedPerSecond, deliveredPerSecond, latency: { p50, p99 } }: Figures): string {
  const rates = `${count(ackedPerSecond)} acked/s, ${count(deliveredPerSecond)} delivered/s`;
  return `${ratio.toFixed(2)}×  ${rates}, p50 ${p50.toFixed(0)} p99 ${p99.toFixed(0)} ms`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" fill="#1d2733" ${attributes}>${escaped}</text>`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
