/** How a list looks: a table of rows, a spreadsheet, tiles, a board, a tree, a map, a pivot table, a time axis. */
export const LOOKS = ['list', 'sheet', 'tiles', 'board', 'tree', 'map', 'pivot', 'axis'] as const;
export type Look = (typeof LOOKS)[number];

/** What the records of a type can be shown as besides: a map needs addresses, a tree a field that names the record above, a board a list of options, a time axis dates. */
export interface Shapes {
  hasPlaces: boolean;
  hasBranches: boolean;
  hasColumns: boolean;
  hasSpans: boolean;
}

/** A spreadsheet needs room and a keyboard: on a phone it is a list. */
export function shownLook(look: ListSearch['look'], isNarrow: boolean, { hasPlaces, hasBranches, hasColumns, hasSpans }: Shapes): Look {
  const isMissing = (look === 'sheet' && isNarrow) || (look === 'map' && !hasPlaces) || (look === 'tree' && !hasBranches) || (look === 'board' && !hasColumns) || (look === 'axis' && !hasSpans);
  return look === undefined || isMissing ? 'list' : look;
}

/** Says nothing but the section, so a view may open in its place. */
export function isBare(search: ListSearch): boolean {
  return Object.keys(search).every((key) => key === 'section');
}

/** The state of a list as it stands in the address. Absent means the default of the type. */
export interface ListSearch {
  section?: string;
  /** The id of a saved view; 0 shows all where a view would open first. */
  view?: number;
  /** Text of the filter language, besides that of the section. */
  filter?: string;
  /** Up to three fields, `-` for descending: `-updated_at,name`. */
  sort?: string;
  /** Names of columns with widths in pixels: `name:260,parent,channels:180`. */
  columns?: string;
  /** A table of rows if absent. */
  look?: Exclude<Look, 'list'>;
  /** Of a pivot table: one or two fields, dates with their grain: `responsible,closed_on:month`. */
  rows?: string;
  /** Of a pivot table: values are averages, not sums. */
  figure?: 'average';
  /** The field whose options are the columns of a board or a pivot table, or the rows of a time axis; chosen by the type if absent. */
  by?: string;
  /** Of a board: the option of the field above whose records are shown; the first if absent. */
  within?: string;
  /** Of a board: the field that is added up in each column. */
  sum?: string;
  /** The period of the counters by person that stand open over the list. */
  figures?: string;
  /** Part of a name, phone, e-mail or remark. */
  q?: string;
  /** The instant whose list is shown, as the server writes it; now if absent. */
  asOf?: string;
  /** The id of the record open in the side panel. */
  open?: number;
  /** Of a time axis: how much time is a column, then the dates between which a record is: `week,starts_at,deadline`. */
  span?: string;
  /** What a map looks at: latitude, longitude, zoom; the day that a time axis looks at. All of it, today, if absent. */
  at?: string;
  /** The part of a map whose records are listed beside it: west, south, east, north. */
  place?: string;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function look(value: unknown): ListSearch['look'] {
  return value !== 'list' && LOOKS.includes(value as Look) ? (value as ListSearch['look']) : undefined;
}

function id(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

function instant(value: unknown): string | undefined {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined;
}

/** Reads the address; what makes no sense is left out. */
export function readListSearch(search: Readonly<Record<string, unknown>>): ListSearch {
  const read: ListSearch = {
    section: text(search.section),
    view: Number(search.view) === 0 ? 0 : id(search.view),
    filter: text(search.filter),
    sort: text(search.sort),
    columns: text(search.columns),
    look: look(search.look),
    by: text(search.by),
    rows: text(search.rows),
    figure: search.figure === 'average' ? 'average' : undefined,
    within: text(search.within),
    sum: text(search.sum),
    figures: text(search.figures),
    q: text(search.q),
    asOf: instant(search.asOf),
    open: id(search.open),
    span: text(search.span),
    at: text(search.at),
    place: text(search.place),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}
