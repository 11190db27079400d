import { useMemo, useReducer, useRef } from 'react';
import type { Installation } from '@/api/types';
import { classNames } from '@/util/class-names';
import { tilesOf } from './tiles';
import styles from './WorldMap.module.css';
import type { Size, View } from './world';

export interface TileLayerProps {
  installation: Installation;
  view: View;
  size: Size;
}

/**
 * The pictures of the map service over the map that the program draws itself: where one does not load, that map is seen. The attribution
 * stands there as soon as there is a picture.
 */
export function TileLayer({ installation, view, size }: TileLayerProps) {
  const { tiles_url: template, tiles_max_zoom: maxZoom } = installation;
  const tiles = useMemo(() => tilesOf(template, maxZoom, view, size), [template, maxZoom, view, size]);
  const loaded = useRef(new Set<string>());
  const [, again] = useReducer((before: number) => before + 1, 0);
  const isSeen = tiles.some(({ url }) => loaded.current.has(url));
  return (
    <>
      <div className={classNames(styles.tiles, isSeen && styles.seen)} aria-hidden="true">
        {tiles.map(({ url, ...box }) => (
          <img
            key={url}
            src={url}
            alt=""
            draggable={false}
            // Services want to know the site that shows their pictures; they hear of it, but not of the page.
            referrerPolicy="strict-origin-when-cross-origin"
            className={classNames(styles.tile, loaded.current.has(url) && styles.loaded)}
            style={box}
            onLoad={() => {
              loaded.current.add(url);
              again();
            }}
          />
        ))}
      </div>
      {isSeen && <p className={styles.attribution}>{installation.tiles_attribution}</p>}
    </>
  );
}
