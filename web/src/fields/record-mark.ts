/** The mark by which the name of a record is known on the page: `data-record="contact/42"`. */
export interface RecordMark {
  type: string;
  id: number;
}

export function recordMark(type: string, id: number): { 'data-record': string } {
  return { 'data-record': `${type}/${id}` };
}

export function readRecordMark(text: string | null | undefined): RecordMark | null {
  const match = /^(\w+)\/([1-9]\d*)$/.exec(text ?? '');
  return match?.[1] === undefined ? null : { type: match[1], id: Number(match[2]) };
}
