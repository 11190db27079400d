import { describe, expect, it } from 'vitest';
import { parseTable, printHtmlTable, printTable } from './table-text';

describe('a table of the clipboard', () => {
  it.each<[string, string[][]]>([
    ['a', [['a']]],
    ['a\tb\nc\td', [['a', 'b'], ['c', 'd']]],
    ['a\tb\r\nc\td\r\n', [['a', 'b'], ['c', 'd']]],
    ['\tb', [['', 'b']]],
    ['a\t', [['a', '']]],
    ['"a\nb"\tc', [['a\nb', 'c']]],
    ['"say ""hi"""\tc', [['say "hi"', 'c']]],
    ['"quoted" word', [['"quoted" word']]],
    ['"open', [['"open']]],
    ['ТОВ "Смерека"', [['ТОВ "Смерека"']]],
    ['a\n\nb', [['a'], [''], ['b']]],
    ['', []],
  ])('%j is read', (text, rows) => {
    expect(parseTable(text)).toEqual(rows);
  });

  it('reads what it prints', () => {
    const rows = [['a\tb', 'line\nline', '"start', 'end"'], ['', 'ТОВ "Смерека"', '1,5', ' ']];
    expect(parseTable(printTable(rows))).toEqual(rows);
  });

  it('prints no markup of its cells', () => {
    expect(printHtmlTable([['<b>&']])).toContain('>&lt;b&gt;&amp;</td>');
  });
});
