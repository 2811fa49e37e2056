// A flow drawn as SVG: one file that every browser shows; what is wrong is red, and says why when pointed at.
import { formatIssue, isError } from '../../core/document/issue.js';
import type { Arrow, Box, Picture } from '../../core/ivr/ways/picture.js';
import { BOX, type Layout, layoutOf, type Place } from './layout.js';

const FILLS: Readonly<Record<Box['role'], string>> = {
  person: '#d7f0dd',
  listens: '#dbe8fb',
  end: '#e8e8e8',
  plain: '#ffffff',
};
const RED = '#b3261e';
const PALE_RED = '#f8d7da';
const GREY = '#5f6368';
/** How far an arrow that goes back swings out. */
const SWING = 60;
const LETTER_WIDTH = 6.2;
const MAX_LETTERS = 24;

export function svgOf(picture: Picture): string {
  const layout = layoutOf(picture);
  const width = layout.width + 2 * SWING;
  const boxes = picture.boxes.flatMap((box) => {
    const place = layout.places.get(box.name);
    return place === undefined ? [] : [boxSvg(box, place, box.name === picture.start)];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-SWING} 0 ${width} ${layout.height}" width="${width}" height="${layout.height}" font-family="system-ui, sans-serif">`,
    `<title>${escaped(picture.name)}</title>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="${GREY}"/></marker></defs>`,
    `<rect x="${-SWING}" width="${width}" height="${layout.height}" fill="white"/>`,
    ...picture.arrows.map((arrow) => arrowSvg(arrow, layout)),
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}

function boxSvg({ name, deed, role, issues }: Box, { x, y }: Place, start: boolean): string {
  const error = issues.some(isError);
  const fault = issues.length > 0;
  const fill = error ? PALE_RED : FILLS[role];
  const dash = fault && !error ? ' stroke-dasharray="5 3"' : '';
  const stroke = `stroke="${fault ? RED : GREY}" stroke-width="${fault ? 2.5 : start ? 2.5 : 1}"${dash}`;
  const middle = x + BOX.width / 2;
  return [
    '<g>',
    fault ? `<title>${escaped(issues.map(formatIssue).join('\n'))}</title>` : '',
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8" fill="${fill}" ${stroke}/>`,
    `<text x="${middle}" y="${y + 20}" text-anchor="middle" font-size="14">${escaped(cut(name))}</text>`,
    `<text x="${middle}" y="${y + 37}" text-anchor="middle" font-size="11" fill="${fault ? RED : GREY}">${escaped(cut(deed))}</text>`,
    '</g>',
  ].join('');
}

function arrowSvg(arrow: Arrow, layout: Layout): string {
  const { from, to, label } = arrow;
  const [a, b] = [layout.places.get(from), layout.places.get(to)];
  if (a === undefined || b === undefined) return '';
  const { path, x, y } = b.row > a.row ? downward([a, ...layout.lanesOf(arrow), b]) : back(a, b);
  const line = `<path d="${path}" fill="none" stroke="${GREY}" marker-end="url(#tip)"/>`;
  if (label === '') return line;
  const shown = cut(label);
  const width = shown.length * LETTER_WIDTH + 4;
  const ground = `<rect x="${x - width / 2}" y="${y - 9}" width="${width}" height="13" fill="white" opacity="0.85"/>`;
  return `${line}${ground}<text x="${x}" y="${y + 1}" text-anchor="middle" font-size="11">${escaped(shown)}</text>`;
}

interface Curve {
  readonly path: string;
  /** Where its label stands. */
  readonly x: number;
  readonly y: number;
}

/** From the foot of the first place to the head of the last, straight through those between. */
function downward([first, ...others]: readonly Place[]): Curve {
  if (first === undefined) return { path: '', x: 0, y: 0 };
  let [x, y] = [first.x + first.width / 2, first.y + BOX.height];
  let path = `M${x} ${y}`;
  let label: Omit<Curve, 'path'> | undefined;
  others.forEach((place, index) => {
    const [nextX, nextY] = [place.x + place.width / 2, place.y];
    const bend = (nextY - y) / 2;
    label ??= { x: x + (nextX - x) * 0.35, y: y + (nextY - y) * 0.4 };
    path += `C${x} ${y + bend} ${nextX} ${nextY - bend} ${nextX} ${nextY}`;
    [x, y] = [nextX, nextY];
    if (index === others.length - 1) return;
    y += BOX.height;
    path += `V${y}`;
  });
  return { path, ...(label ?? { x, y }) };
}

/** Upward, or to the same row: around the right-hand side. */
function back(a: Place, b: Place): Curve {
  const [x1, y1] = [a.x + a.width, a.y + BOX.height / 2];
  const [x2, y2] = [b.x + b.width, b.y + BOX.height / 2 + 8];
  const out = Math.max(x1, x2) + SWING;
  return { path: `M${x1} ${y1}C${out} ${y1} ${out} ${y2} ${x2} ${y2}`, x: (x1 + x2 + 6 * out) / 8, y: (y1 + y2) / 2 };
}

function cut(text: string): string {
  return text.length <= MAX_LETTERS ? text : `${text.slice(0, MAX_LETTERS - 1)}…`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
