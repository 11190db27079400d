import { IconMapPinFilled, IconMinus, IconPlus } from '@tabler/icons-react';
import { useId, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { TextInput } from '@/ui/TextInput';
import styles from './Location.module.css';
import { useSize } from './use-size';
import { fromScreen, printPlace, project, readPlace, toScreen, unproject, withinWorld, zoomedAt, type Place, type Point, type Size, type View } from './world';
import { WorldMap } from './WorldMap';

export interface PinDialogProps {
  /** Where the pin is now, or the town; null when neither is known. */
  start: Place | null;
  hasPoint: boolean;
  isSaving: boolean;
  error: string | null;
  /** Null takes the point away. */
  onSave: (point: Place | null) => void;
  onClose: () => void;
}

const POINT_ZOOM = 11;
const TOWN_ZOOM = 9;
const NOWHERE: Place = { latitude: 49, longitude: 31 };
const NOWHERE_ZOOM = 3;
/** Pixels of one press of an arrow; with Shift. */
const STEP = 2;
const FAR_STEP = 20;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Rounded as the server keeps it. */
function rounded({ latitude, longitude }: Place): Place {
  const six = (degrees: number): number => Number(degrees.toFixed(6));
  return { latitude: six(latitude), longitude: six(longitude) };
}

/** Puts the exact point of an address: by dragging, by a press, by the arrow keys, or by its numbers. */
export function PinDialog({ start, hasPoint, isSaving, error, onSave, onClose }: PinDialogProps) {
  const { t } = useTranslation('records');
  const id = useId();
  const [place, setPlace] = useState<Place>(start ?? NOWHERE);
  // What is typed stands until it is a place.
  const [typed, setTyped] = useState<string | null>(null);
  const [view, setView] = useState<View>({ ...project(start ?? NOWHERE), zoom: start === null ? NOWHERE_ZOOM : hasPoint ? POINT_ZOOM : TOWN_ZOOM });
  const [size, setFrame] = useSize();
  const isWrong = typed !== null && readPlace(typed) === null;

  function put(point: Place): void {
    setTyped(null);
    setPlace(rounded(point));
  }

  function type(text: string): void {
    setTyped(text);
    const read = readPlace(text);
    if (read === null) return;
    setPlace(rounded(read));
    setView((before) => ({ ...project(read), zoom: Math.max(before.zoom, POINT_ZOOM) }));
  }

  return (
    <Dialog
      title={t('location.dialog')}
      size="large"
      onClose={onClose}
      footer={
        <>
          {hasPoint && (
            <Button className={styles.remove} look="plain" isBusy={isSaving} onClick={() => onSave(null)}>
              {t('location.remove')}
            </Button>
          )}
          <Button onClick={onClose}>{t('location.cancel')}</Button>
          <Button look="primary" isBusy={isSaving} disabledReason={isWrong ? t('location.coordinates_wrong') : null} onClick={() => onSave(place)}>
            {t('location.save')}
          </Button>
        </>
      }
    >
      {error !== null && <Banner tone="error">{error}</Banner>}
      <p className={styles.hint}>{t('location.pin_hint')}</p>
      <div ref={setFrame} className={styles.stage}>
        {size !== null && <Stage size={size} view={withinWorld(view, size)} place={place} onView={setView} onPlace={put} />}
      </div>
      <FormField controlId={id} label={t('location.coordinates')} hint={t('location.coordinates_hint')} error={isWrong ? t('location.coordinates_wrong') : undefined}>
        <TextInput
          id={id}
          autoComplete="off"
          aria-describedby={isWrong ? errorId(id) : undefined}
          isInvalid={isWrong}
          value={typed ?? printPlace(place)}
          onChange={(event) => type(event.target.value)}
        />
      </FormField>
    </Dialog>
  );
}

interface StageProps {
  size: Size;
  view: View;
  place: Place;
  onView: (view: View) => void;
  onPlace: (place: Place) => void;
}

function Stage({ size, view, place, onView, onPlace }: StageProps) {
  const { t } = useTranslation('records');
  const at = toScreen(view, size, project(place));
  const grabbed = useRef<Point | null>(null);
  const middle = { x: size.width / 2, y: size.height / 2 };
  const placeAt = (point: Point): Place => unproject(fromScreen(view, size, point));

  function handleKey(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (arrow === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? FAR_STEP : STEP;
    onPlace(placeAt({ x: at.x + arrow[0] * step, y: at.y + arrow[1] * step }));
  }

  function handleMove(event: PointerEvent): void {
    if (grabbed.current === null) return;
    onPlace(placeAt({ x: event.clientX - grabbed.current.x, y: event.clientY - grabbed.current.y }));
  }

  return (
    <WorldMap label={t('location.dialog')} size={size} view={view} onView={onView} onPress={(point) => onPlace(placeAt(point))} taken={[{ ...at, name: null }]}>
      <button
        type="button"
        // The map is drawn once its size is known, after the dialog has looked for its first control.
        autoFocus
        className={styles.movable}
        style={{ transform: `translate(${at.x}px, ${at.y}px) translate(-50%, -92%)` }}
        aria-label={`${t('location.pin')}: ${printPlace(place)}`}
        onKeyDown={handleKey}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          grabbed.current = { x: event.clientX - at.x, y: event.clientY - at.y };
        }}
        onPointerMove={handleMove}
        onPointerUp={() => (grabbed.current = null)}
        onPointerCancel={() => (grabbed.current = null)}
      >
        <IconMapPinFilled size={36} aria-hidden="true" />
      </button>
      <div className={styles.zoom}>
        <IconButton isFramed size="small" label={t('map.closer')} icon={<IconPlus size={16} />} onClick={() => onView(zoomedAt(view, size, middle, 1))} />
        <IconButton isFramed size="small" label={t('map.further')} icon={<IconMinus size={16} />} onClick={() => onView(zoomedAt(view, size, middle, -1))} />
      </div>
    </WorldMap>
  );
}
