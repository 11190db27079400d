/** Time zones as choices: grouped by the part of the world, each with its difference to UTC now. */

export interface TimeZoneOption {
  value: string;
  label: string;
  group: string;
}

function offsetOf(zone: string, language: string, now: Date): string {
  const format = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: 'shortOffset' });
  return format.formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

let known: { key: string; options: TimeZoneOption[] } | null = null;

/** All zones the browser knows, and the one in use even if the browser calls it otherwise. */
export function timeZoneOptions(current: string | null, language: string, now: Date): TimeZoneOption[] {
  const key = `${current}/${language}`;
  if (known?.key === key) return known.options;
  const zones = Intl.supportedValuesOf('timeZone');
  const all = current === null || current === '' || zones.includes(current) ? zones : [...zones, current].sort();
  const options = all.map((zone) => {
    const [region = '', ...place] = zone.split('/');
    const name = place.join(' / ').replaceAll('_', ' ') || region;
    return { value: zone, label: `${name} (${offsetOf(zone, language, now)})`, group: place.length > 0 ? region : '' };
  });
  known = { key, options };
  return options;
}
