/** Numbers and words for a spreadsheet (RFC 4180). */
export type Cell = string | number | null;

export function csv(head: string[], rows: Cell[][]): string {
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

const cell = (value: Cell): string => (typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : value === null || Number.isNaN(value) ? '' : String(value));
