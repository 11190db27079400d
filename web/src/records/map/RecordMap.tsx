import { IconCurrentLocation, IconLassoPolygon, IconMapSearch, IconMinus, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import type { ObjectType } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { useDebounced } from '@/ui/use-debounced';
import { useFormat } from '@/ui/use-format';
import { useShortcuts } from '@/ui/use-shortcuts';
import { bothFilters } from '@/util/filter-text';
import type { ListState } from '../list/use-list-state';
import { lazyPart } from '@/ui/lazy-part';
import { useMayFindPlaces } from './may-find-places';
import { areaFilter, areasOf } from './area';
import { Clusters, type Placed } from './Clusters';
import { AreaOutlines, Lasso } from './Lasso';
import { mapQuery, type Cluster } from './map-queries';
import { PlacePanel } from './PlacePanel';
import styles from './RecordMap.module.css';
import { useSize } from './use-size';
import { askedBounds, MAX_ZOOM, mostOf, printBounds, printView, project, readBounds, readView, showing, toScreen, viewOf, withinWorld, zoomedAt, type Bounds, type Point, type Size, type View } from './world';
import { WorldMap } from './WorldMap';

const FindPlacesDialog = lazyPart(() => import('./FindPlacesDialog'), 'FindPlacesDialog');

/** The first look is no closer than this: a whole region around a single town. */
const FIRST_ZOOM = 9;
/** The map is asked again when it rests. */
const REST_MS = 150;
const FAR: View = { x: 0.5, y: 0.4, zoom: 0 };

export interface RecordMapProps {
  type: ObjectType;
  label: string;
  state: ListState;
}

/** The records of a list on a map: clusters that the server counts, the same conditions above. */
export function RecordMap(props: RecordMapProps) {
  const [size, setFrame] = useSize();
  return (
    <div className={styles.screen}>
      <div ref={setFrame} className={styles.map}>
        {size !== null && <MapOfRecords {...props} size={size} />}
      </div>
    </div>
  );
}

function MapOfRecords({ type, label, state, size }: RecordMapProps & { size: Size }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { query, search, change } = state;
  const frame = useRef<HTMLDivElement>(null);
  // What is looked at stands in the address; while one moves the map, here.
  const [moving, setMoving] = useState<View | null>(null);
  const stored = useMemo(() => readView(search.at), [search.at]);
  const whole = useQuery({ ...mapQuery(type.name, query, null, 2), enabled: stored === null });
  const all = useMemo(() => mostOf(whole.data?.clusters ?? []), [whole.data]);
  const view = useMemo(() => moving ?? (stored === null ? (all === null ? withinWorld(FAR, size) : viewOf(all, size, FIRST_ZOOM)) : withinWorld(stored, size)), [moving, stored, all, size]);
  const rested = useDebounced(view, REST_MS);
  const isKnown = stored !== null || moving !== null || whole.data !== undefined;
  const map = useQuery({ ...mapQuery(type.name, query, askedBounds(rested, size), rested.zoom), enabled: isKnown });
  // Until the closer look is there the first one serves.
  const clusters = isKnown ? (map.data ?? whole.data)?.clusters : undefined;
  const [focusNear, setFocusNear] = useState<Point | null>(null);

  const look = useCallback((next: View) => setMoving(next), []);
  useEffect(() => {
    if (moving === null || rested !== moving) return;
    change({ at: printView(moving) }, { replace: true });
  }, [moving, rested, change]);
  // Back, a saved view, "show all": the address has changed without the map being moved.
  const written = moving === null ? undefined : printView(moving);
  const before = useRef(search.at);
  useEffect(() => {
    if (before.current !== search.at && search.at !== written) setMoving(null);
    before.current = search.at;
  }, [search.at, written]);

  const placed = useMemo<Placed[]>(() => {
    const shown = (clusters ?? []).map((cluster) => ({
      key: `${cluster.latitude},${cluster.longitude}`,
      cluster,
      at: toScreen(view, size, project(cluster)),
    }));
    return shown.filter(({ at }) => at.x > -30 && at.y > -30 && at.x < size.width + 30 && at.y < size.height + 30);
  }, [clusters, view, size]);
  const taken = useMemo(() => placed.map(({ at, cluster }) => ({ ...at, name: cluster.count === 1 ? null : cluster.city })), [placed]);
  const middle = { x: size.width / 2, y: size.height / 2 };
  const place = readBounds(search.place);
  const [isDrawing, setDrawing] = useState(false);
  const [isAsking, setAsking] = useState(false);
  // Like a mass change it takes a filter, but no search text.
  const mayFindPlaces = useMayFindPlaces(type) && query.search === undefined;
  useShortcuts({ KeyL: () => setDrawing(true) });
  const areas = useMemo(() => areasOf(search.filter), [search.filter]);
  const addresses = type.fields.find((field) => field.kind === 'addresses')?.name;

  function keepArea(area: string): void {
    setDrawing(false);
    frame.current?.focus({ preventScroll: true });
    if (addresses !== undefined) change({ filter: bothFilters(search.filter, areaFilter(addresses, area)), place: undefined });
  }

  function stopDrawing(): void {
    setDrawing(false);
    frame.current?.focus({ preventScroll: true });
  }

  // The card that opens beside the map takes room from it: what it is about stays in sight.
  const opened = clusters?.find((cluster) => cluster.record !== null && cluster.record.id === search.open);
  useEffect(() => {
    if (opened === undefined) return;
    const next = showing(view, size, project(opened));
    if (next.x !== view.x || next.y !== view.y) look(next);
    // One may move away from it afterwards.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [opened?.record?.id, size, look]);

  function open(cluster: Cluster, isByKey: boolean): void {
    if (cluster.record !== null) {
      change({ open: cluster.record.id }, { replace: search.open !== undefined });
      return;
    }
    const [west, south, east, north] = cluster.bounds as unknown as Bounds;
    const isPoint = west === east && south === north;
    if (isPoint || view.zoom >= MAX_ZOOM) {
      change({ place: printBounds([west, south, east, north]) });
      return;
    }
    const next = viewOf([west, south, east, north], size, MAX_ZOOM, 96);
    if (isByKey) frame.current?.focus({ preventScroll: true });
    look(next.zoom > view.zoom + 0.5 ? next : zoomedAt(view, size, toScreen(view, size, project(cluster)), 1));
    if (isByKey) setFocusNear(middle);
  }

  const { total, without_place: without = 0 } = map.data ?? {};
  const panelCluster = clusters?.find((cluster) => search.place === printBounds(cluster.bounds as unknown as Bounds));
  const canFocus = !map.isPlaceholderData && rested === view;

  return (
    <>
      <WorldMap label={t('map.title', { name: label })} size={size} view={view} onView={look} taken={taken} frameRef={frame}>
        {areas.length > 0 && <AreaOutlines areas={areas} view={view} size={size} />}
        <Clusters placed={placed} openId={search.open} focusNear={canFocus ? focusNear : null} onFocused={() => setFocusNear(null)} onOpen={open} />
        {isDrawing && <Lasso view={view} size={size} onDone={keepArea} onClose={stopDrawing} />}
        <div className={styles.buttons}>
          <IconButton isFramed isPressed={isDrawing} label={t('map.lasso')} icon={<IconLassoPolygon size={16} />} onClick={() => setDrawing(!isDrawing)} />
          <IconButton isFramed label={t('map.closer')} icon={<IconPlus size={16} />} onClick={() => look(zoomedAt(view, size, middle, 1))} />
          <IconButton isFramed label={t('map.further')} icon={<IconMinus size={16} />} onClick={() => look(zoomedAt(view, size, middle, -1))} />
          <IconButton
            isFramed
            label={t('map.all')}
            icon={<IconCurrentLocation size={16} />}
            onClick={() => {
              setMoving(null);
              change({ at: undefined });
            }}
          />
        </div>
        {place !== null && (
          <PlacePanel type={type} state={state} bounds={place} cluster={panelCluster ?? null} onClose={() => change({ place: undefined })} />
        )}
        {map.isError && (
          <div className={styles.trouble}>
            <Banner tone="error" actions={<Button size="small" onClick={() => void map.refetch()}>{t('try_again')}</Button>}>
              {errorText(map.error)}
            </Banner>
          </div>
        )}
      </WorldMap>
      <div className={styles.status}>
        <span role="status">
          {total !== undefined && (
            <>
              {t('map.shown', { shown: format.number(total - without), total: format.number(total) })}
              {map.data?.is_capped === true && <span className={styles.capped}>{t('totals.capped', { number: format.number(total) })}</span>}
            </>
          )}
        </span>
        {map.isFetching && <span>{t('totals.refreshing')}</span>}
        {without > 0 && <span title={t('map.without_hint')}>{t('map.without', { count: without, number: format.number(without) })}</span>}
        {mayFindPlaces && total !== undefined && total > 0 && (
          <Button look="link" icon={<IconMapSearch size={14} />} onClick={() => setAsking(true)}>
            {t('places.button')}
          </Button>
        )}
        <span className={styles.source}>{t('map.source')}</span>
      </div>
      {isAsking && total !== undefined && (
        <FindPlacesDialog
          type={type.name}
          number={format.number(total) + (map.data?.is_capped === true ? '+' : '')}
          target={{ filter: query.filter ?? 'all' }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
