/** Tables as the clipboard of spreadsheet programs holds them: columns between tabs, rows between line ends, quotes around what holds either. */

/** `a\t"b\nc"\r\nd` → `[["a", "b\nc"], ["d"]]`. One line end at the end closes the last row. */
export function parseTable(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let at = 0;
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    rows.push(row);
    row = [];
  };
  while (at < text.length) {
    const sign = text[at] ?? '';
    if (sign === '"' && cell === '') {
      const closed = readQuoted(text, at);
      if (closed !== null) {
        cell = closed.text;
        at = closed.end;
        continue;
      }
    }
    if (sign === '\t') endCell();
    else if (sign === '\n') endRow();
    else if (sign === '\r') {
      endRow();
      if (text[at + 1] === '\n') at += 1;
    } else cell += sign;
    at += 1;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

/** A quoted cell from its first quote on; null when the quote does not end where a cell ends, and hence is part of the text. */
function readQuoted(text: string, from: number): { text: string; end: number } | null {
  let cell = '';
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] !== '"') {
      cell += text[at];
    } else if (text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else {
      const after = text[at + 1];
      return after === undefined || after === '\t' || after === '\n' || after === '\r' ? { text: cell, end: at + 1 } : null;
    }
  }
  return null;
}

export function printTable(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string): string => (/[\t\n\r]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quoted).join('\t')).join('\n');
}

/** The same as a table of a page: some programs ask how to take plain text, and none asks about this. */
export function printHtmlTable(rows: readonly (readonly string[])[]): string {
  const escaped = (cell: string): string => cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>');
  // Text stays text: a spreadsheet would make a number of a phone.
  const cells = rows.map((row) => row.map((cell) => `<td style="mso-number-format:'\\@'">${escaped(cell)}</td>`).join(''));
  return `<meta charset="utf-8"><table>${cells.map((row) => `<tr>${row}</tr>`).join('')}</table>`;
}
