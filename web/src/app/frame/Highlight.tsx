import styles from './Palette.module.css';

/** A text with the found part marked; the positions count characters. */
export function Highlight({ text, start, end }: { text: string; start: number; end: number }) {
  const characters = [...text];
  return (
    <>
      {characters.slice(0, start).join('')}
      <mark className={styles.mark}>{characters.slice(start, end).join('')}</mark>
      {characters.slice(end).join('')}
    </>
  );
}
