/** The same place on maps with streets: plain links, opened only when somebody presses them. */
import type { Place } from './world';

/** The exact point if there is one, else the address in words, which those maps know better than we do. */
export function googleLink(exact: Place | null, text: string): string {
  const query = exact === null ? text : `${exact.latitude},${exact.longitude}`;
  return `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(query)}`;
}

export function yandexLink(exact: Place | null, text: string): string {
  // Yandex wants the longitude first.
  return exact === null
    ? `https://yandex.com/maps/?text=${encodeURIComponent(text)}`
    : `https://yandex.com/maps/?pt=${exact.longitude},${exact.latitude}&z=16&l=map`;
}
