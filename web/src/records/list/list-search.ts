/** How a list looks: a table of rows, a spreadsheet, tiles, a tree, a map. */
export const LOOKS = ['list', 'sheet', 'tiles', 'tree', 'map'] as const;
export type Look = (typeof LOOKS)[number];

/** What the records of a type can be shown as besides: a map needs addresses, a tree a field that names the record above. */
export interface Shapes {
  hasPlaces: boolean;
  hasBranches: boolean;
}

/** A spreadsheet needs room and a keyboard: on a phone it is a list. */
export function shownLook(look: ListSearch['look'], isNarrow: boolean, { hasPlaces, hasBranches }: Shapes): Look {
  const isMissing = (look === 'sheet' && isNarrow) || (look === 'map' && !hasPlaces) || (look === 'tree' && !hasBranches);
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
  /** Part of a name, phone, e-mail or remark. */
  q?: string;
  /** The instant whose list is shown, as the server writes it; now if absent. */
  asOf?: string;
  /** The id of the record open in the side panel. */
  open?: number;
  /** What a map looks at: latitude, longitude, zoom. All that it shows if absent. */
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
    q: text(search.q),
    asOf: instant(search.asOf),
    open: id(search.open),
    at: text(search.at),
    place: text(search.place),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}
