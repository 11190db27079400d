/** Writes the files that people bring: a workbook and a windows-1251 table, as spreadsheet programs write them. */
import { crc32 } from 'node:zlib';

export type Rows = readonly (readonly string[])[];

interface Part {
  name: string;
  content: Buffer;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const SHEETS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const MEDIA = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function columnName(index: number): string {
  return String.fromCharCode(65 + index);
}

/** A workbook of one sheet with up to 26 columns, all cells text. */
export function writeXlsx(rows: Rows): Buffer {
  const sheet = rows
    .map((row, index) => {
      const number = index + 1;
      const cells = row.map((text, column) =>
        text === '' ? '' : `<c r="${columnName(column)}${number}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`,
      );
      return `<row r="${number}">${cells.join('')}</row>`;
    })
    .join('');
  return writeZip([
    {
      name: '[Content_Types].xml',
      content: text(
        `<Types xmlns="${PACKAGE}/content-types">` +
          '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
          `<Override PartName="/xl/workbook.xml" ContentType="${MEDIA}.sheet.main+xml"/>` +
          `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${MEDIA}.worksheet+xml"/></Types>`,
      ),
    },
    { name: '_rels/.rels', content: relation('officeDocument', 'xl/workbook.xml') },
    {
      name: 'xl/workbook.xml',
      content: text(
        `<workbook xmlns="${SHEETS}" xmlns:r="${OFFICE}"><sheets><sheet name="Клиенты" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      ),
    },
    { name: 'xl/_rels/workbook.xml.rels', content: relation('worksheet', 'worksheets/sheet1.xml') },
    { name: 'xl/worksheets/sheet1.xml', content: text(`<worksheet xmlns="${SHEETS}"><sheetData>${sheet}</sheetData></worksheet>`) },
  ]);
}

function text(xml: string): Buffer {
  return Buffer.from(XML + xml, 'utf8');
}

function relation(kind: string, target: string): Buffer {
  return text(
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/${kind}" Target="${target}"/></Relationships>`,
  );
}

/** An OpenDocument table as it looks when it was saved with a password. */
export function writeEncryptedOds(): Buffer {
  return writeZip([
    { name: 'mimetype', content: Buffer.from('application/vnd.oasis.opendocument.spreadsheet') },
    { name: 'content.xml', content: Buffer.from([0x12, 0x34, 0x56]) },
    {
      name: 'META-INF/manifest.xml',
      content: Buffer.from('<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'),
    },
  ]);
}

/** A document of a word processor, which is no table. */
export function writeDocx(): Buffer {
  return writeZip([{ name: 'word/document.xml', content: text('<w:document/>') }]);
}

/** Stored without compression, which every reader accepts. */
function writeZip(parts: readonly Part[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of parts) {
    const title = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(title.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, content]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), common, tail, title]));
    files.push(file);
    offset += file.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, entries, end]);
}

/** A table with semicolons in windows-1251, as Excel of the region saves it. */
export function writeWindows1251Csv(rows: Rows): Buffer {
  const lines = rows.map((row) => row.map((cell) => (/[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';'));
  return encodeWindows1251(lines.map((line) => `${line}\r\n`).join(''));
}

function encodeWindows1251(content: string): Buffer {
  const letters = new TextDecoder('windows-1251').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  const bytes = new Map([...letters].map((letter, byte) => [letter, byte]));
  return Buffer.from(
    [...content].map((letter) => {
      const byte = bytes.get(letter);
      if (byte === undefined) throw new Error(`windows-1251 has no ${letter}`);
      return byte;
    }),
  );
}
