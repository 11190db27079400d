import styles from './Palette.module.css';

/** A text with the found part marked; the positions count as strings do, in UTF-16 units. */
export function Highlight({ text, start, end }: { text: string; start: number; end: number }) {
  return (
    <>
      {text.slice(0, start)}
      <mark className={styles.mark}>{text.slice(start, end)}</mark>
      {text.slice(end)}
    </>
  );
}
