import type { Part } from '../data/types';

/** A text in pieces, in their order: stretches on which a score hangs, and what lies between them. */
export interface Piece {
  text: string;
  /** 1 for the stretch on which most of the score hangs; below 0 for what speaks for the comment; 0 for the rest. */
  share: number;
}

export function pieces(text: string, parts: Part[]): Piece[] {
  const greatest = Math.max(...parts.map(({ part }) => Math.abs(part)), Number.MIN_VALUE);
  const found: Piece[] = [];
  let at = 0;
  for (const { start, end, part } of [...parts].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at || end > text.length) continue; // the first of two that overlap
    if (start > at) found.push({ text: text.slice(at, start), share: 0 });
    found.push({ text: text.slice(start, end), share: part / greatest });
    at = end;
  }
  if (at < text.length) found.push({ text: text.slice(at), share: 0 });
  return found;
}
