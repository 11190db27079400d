import { IconExternalLink, IconMapPin, IconMapPinFilled, IconMapSearch } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useSession } from '@/api/session';
import type { Address, Field, FieldValue, RecordItem } from '@/api/types';
import { addressText } from '@/fields/addresses/address-text';
import { asAddresses } from '@/fields/values';
import { Button } from '@/ui/Button';
import { lazyPart } from '@/ui/lazy-part';
import { useFormat } from '@/ui/use-format';
import { labelIn } from '@/util/languages';
import { saveState, type SaveField } from '../editing/use-save-field';
import { findPlace, isSameAddress, placeQuery } from './map-queries';
import { googleLink, yandexLink } from './outer-maps';
import styles from './Location.module.css';
import { useSize } from './use-size';
import { project, withinWorld, type Place } from './world';
import { WorldMap } from './WorldMap';

const PinDialog = lazyPart(() => import('./PinDialog'), 'PinDialog');

const TOWN_ZOOM = 7;
const POINT_ZOOM = 10;

export interface LocationProps {
  field: Field;
  record: RecordItem;
  save: SaveField;
  canEdit: boolean;
}

function exactPlace({ latitude, longitude }: Address): Place | null {
  return latitude == null || longitude == null ? null : { latitude, longitude };
}

/** Where the primary address of a card lies, how exactly one knows it, and the way to maps with streets. */
export function Location({ field, record, save, canEdit }: LocationProps) {
  const addresses = asAddresses(record.values[field.name]);
  const at = Math.max(0, addresses.findIndex((address) => address.is_primary === true));
  const address = addresses[at];
  if (address === undefined) return null;
  return <AddressLocation address={address} addresses={addresses} at={at} field={field} save={save} canEdit={canEdit} />;
}

interface AddressLocationProps extends Omit<LocationProps, 'record'> {
  address: Address;
  addresses: readonly Address[];
  at: number;
}

function AddressLocation({ address, addresses, at, field, save, canEdit }: AddressLocationProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const [isPlacing, setPlacing] = useState(false);
  const [hasChanged, setChanged] = useState(false);
  const exact = exactPlace(address);
  const found = useQuery(placeQuery(address));
  const town = found.data?.town ?? null;
  const place = exact ?? town;
  const text = addressText(address, format.language);
  const isKnown = exact !== null || !found.isLoading;
  const failure = saveState(save, field.name);
  const errorText = useErrorText();
  const { installation } = useSession();
  const search = useMutation({
    mutationFn: (asked: Address) => findPlace(asked),
    onMutate: () => setChanged(false),
    // The answer may take its time: it belongs to the address that was asked about, and to no other.
    onSuccess: async ({ place: exactly }, asked) => {
      const now = addresses[at];
      if (now === undefined || !isSameAddress(now, asked)) setChanged(true);
      else if (exactly?.is_exact === true) await keep(exactly);
    },
  });
  const isFindable = canEdit && installation.has_geocoder && (address.street ?? '') !== '';
  const answer = hasChanged ? t('location.changed') : search.isError ? errorText(search.error) : search.isSuccess && search.data.place === null ? t('location.not_found') : search.data?.place?.is_exact === false ? t('location.only_town') : null;

  async function keep(point: Place | null): Promise<void> {
    const next = addresses.map((one, index) => (index === at ? { ...one, latitude: point?.latitude ?? null, longitude: point?.longitude ?? null } : one));
    if (await save.save(field, next as FieldValue)) setPlacing(false);
  }

  return (
    <section className={styles.location} aria-label={t('location.address_title')}>
      {place !== null && <SmallMap place={place} isExact={exact !== null} label={`${t('location.address_title')}: ${text}`} />}
      {isKnown && (
        <p className={styles.precision}>
          {exact !== null
            ? t('location.precision_point')
            : town !== null
              ? t('location.precision_town', { city: labelIn(town.names, format.language) })
              : t('location.unknown')}
        </p>
      )}
      <p className={styles.links}>
        {[
          { name: t('location.google'), href: googleLink(exact, text) },
          { name: t('location.yandex'), href: yandexLink(exact, text) },
        ].map(({ name, href }) => (
          <a key={href} href={href} target="_blank" rel="noopener noreferrer" className={styles.link} aria-label={t('location.new_tab', { name })}>
            {name}
            <IconExternalLink size={14} aria-hidden="true" />
          </a>
        ))}
        {isFindable && (
          <Button look="link" icon={<IconMapSearch size={14} />} isBusy={search.isPending} onClick={() => search.mutate(address)}>
            {t('location.find')}
          </Button>
        )}
        {canEdit && (
          <Button look="link" icon={<IconMapPin size={14} />} onClick={() => setPlacing(true)}>
            {t(exact === null ? 'location.set' : 'location.move')}
          </Button>
        )}
      </p>
      <p role="status" className={styles.precision}>
        {answer}
      </p>
      {isPlacing && save.conflict?.field.name !== field.name && (
        <PinDialog
          start={place}
          hasPoint={exact !== null}
          isSaving={failure.status === 'saving'}
          error={failure.status === 'failed' ? (failure.error ?? t('location.coordinates_wrong')) : null}
          onSave={(point) => void keep(point)}
          onClose={() => {
            save.forget(field.name);
            setPlacing(false);
          }}
        />
      )}
    </section>
  );
}

/** A look at the place that stands still: in a card a wheel scrolls the card. */
function SmallMap({ place, isExact, label }: { place: Place; isExact: boolean; label: string }) {
  const [size, setFrame] = useSize();
  return (
    <div ref={setFrame} className={styles.small}>
      {size !== null && (
        <WorldMap
          label={label}
          size={size}
          view={withinWorld({ ...project(place), zoom: isExact ? POINT_ZOOM : TOWN_ZOOM }, size)}
          taken={[{ x: size.width / 2, y: size.height / 2, name: null }]}
        >
          <IconMapPinFilled size={28} className={styles.pin} aria-hidden="true" />
        </WorldMap>
      )}
    </div>
  );
}
