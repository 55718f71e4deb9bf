/** Sentences as people write them: one a line, with or without a label and a tab before it. */
export interface Sentence { text: string; label: string }

export const sentences = (lines: string): Sentence[] => lines.split('\n').filter((line) => line.trim()).map((line) => {
  const tab = line.indexOf('\t');
  return { label: tab < 0 ? '' : line.slice(0, tab).trim(), text: line.slice(tab + 1).trim() };
}).filter(({ text }) => text);

/** Points as places in a picture, equal steps in both directions; the farthest one touches the edge. */
export function placed(points: [number, number][], width: number, height: number): [number, number][] {
  const most = Math.max(1e-9, ...points.map(([x, y]) => Math.max((Math.abs(x) * height) / width, Math.abs(y))));
  return points.map(([x, y]) => [width / 2 + (x / most) * (height / 2), height / 2 - (y / most) * (height / 2)]);
}
