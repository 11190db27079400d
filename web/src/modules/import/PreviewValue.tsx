import type { Field, FieldValue } from '@/api/types';
import { addressText } from '@/fields/addresses/address-text';
import { fieldKind } from '@/fields/registry';
import { asAddresses, asChannels, asReference, asReferences, isEmptyValue } from '@/fields/values';
import { useFormat } from '@/ui/use-format';
import styles from './Preview.module.css';
import { useReferences } from './use-references';

/** A parsed value; unlike on a card nothing leads anywhere, for the record does not exist yet. */
export function PreviewValue({ field, value }: { field: Field; value: FieldValue }) {
  const format = useFormat();
  if (isEmptyValue(value)) return null;
  if (field.kind === 'channels') {
    return <Lines lines={asChannels(value).map((channel) => [channel.display ?? channel.value, labelOf(channel.label)])} />;
  }
  if (field.kind === 'addresses') {
    return <Lines lines={asAddresses(value).map((address) => [addressText(address, format.language), labelOf(address.label)])} />;
  }
  if (field.kind === 'reference' || field.kind === 'reference_set') return <ReferenceTitles field={field} value={value} />;
  const { Display } = fieldKind(field.kind);
  return <Display field={field} value={value} />;

  function labelOf(key: string | null): string {
    const options = field.settings.channel_labels ?? field.settings.address_labels ?? [];
    return format.label(options.find((option) => option.key === key)?.labels).toLowerCase();
  }
}

/** Titles as the file gives them; the ids of defaults are looked up. */
function ReferenceTitles({ field, value }: { field: Field; value: FieldValue }) {
  const shown = useReferences(field.settings.target, value);
  const one = asReference(shown);
  const all = one === null ? asReferences(shown) : [one];
  return <Lines lines={all.map((reference) => [reference.title, ''])} />;
}

function Lines({ lines }: { lines: [text: string, note: string][] }) {
  return (
    <ul>
      {lines.map(([text, note], index) => (
        <li key={index}>
          {text}
          {note !== '' && <span className={styles.note}> {note}</span>}
        </li>
      ))}
    </ul>
  );
}
