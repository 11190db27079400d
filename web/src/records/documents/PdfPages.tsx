import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/ui/Banner';
import { Skeleton } from '@/ui/Skeleton';
import styles from './Preview.module.css';

GlobalWorkerOptions.workerSrc = workerUrl;

/** What scanners write is decoded by scripts; the page allows no WebAssembly. They are copied there by the build. */
const DECODERS = '/pdf/';
/** Longer documents are read in a program for it. */
const PAGE_LIMIT = 200;
/** Pages are drawn this far below the window, in pixels. */
const AHEAD = '600px';

/** The pages of a PDF below one another, each drawn when it comes near. Scripts inside the document never run. */
export function PdfPages({ url, onBroken }: { url: string; onBroken: () => void }) {
  const { t } = useTranslation('records');
  const [document, setDocument] = useState<PDFDocumentProxy | null>(null);
  const broken = useRef(onBroken);
  broken.current = onBroken;

  useEffect(() => {
    const loading = getDocument({ url, enableXfa: false, wasmUrl: DECODERS, useWasm: false });
    let isOver = false;
    loading.promise.then(
      (loaded) => {
        if (!isOver) setDocument(loaded);
      },
      () => {
        if (!isOver) broken.current();
      },
    );
    return () => {
      isOver = true;
      void loading.destroy();
    };
  }, [url]);

  if (document === null) return <Skeleton lines={8} label={t('loading')} />;
  const count = Math.min(document.numPages, PAGE_LIMIT);
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <PdfPage key={index} document={document} number={index + 1} />
      ))}
      {document.numPages > PAGE_LIMIT && <Banner tone="info">{t('documents.pages_cut', { count: PAGE_LIMIT })}</Banner>}
    </>
  );
}

function PdfPage({ document, number }: { document: PDFDocumentProxy; number: number }) {
  const { t } = useTranslation('records');
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    let cancel: (() => void) | null = null;
    const observer = new IntersectionObserver(
      (entries) => {
        const isNear = entries.at(-1)?.isIntersecting === true;
        if (isNear) cancel ??= draw(document, number, element);
        else if (cancel !== null) {
          cancel();
          cancel = null;
          // A page of paper is some 20 MB of memory: those out of sight give it back and keep their shape.
          element.style.aspectRatio = `${element.width} / ${element.height}`;
          element.width = 0;
          element.removeAttribute('data-drawn');
        }
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancel?.();
    };
  }, [document, number]);

  // Until a page is drawn it has the shape of a sheet of A4.
  return (
    <canvas
      ref={canvas}
      className={styles.page}
      width={210}
      height={297}
      role="img"
      aria-label={t('documents.page', { number, count: document.numPages })}
    />
  );
}

/** Draws a page as sharp as the screen shows it; gives what stops it. */
function draw(document: PDFDocumentProxy, number: number, canvas: HTMLCanvasElement): () => void {
  let stop = (): void => undefined;
  let isOver = false;
  void document.getPage(number).then((page) => {
    if (isOver) return;
    const natural = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: (canvas.clientWidth * window.devicePixelRatio) / natural.width });
    canvas.width = Math.round(viewport.width);
    canvas.height = Math.round(viewport.height);
    const task = page.render({ canvas, viewport });
    stop = () => task.cancel();
    // A drawing that was stopped says so; the page is gone by then.
    task.promise.then(
      () => canvas.setAttribute('data-drawn', ''),
      () => undefined,
    );
  });
  return () => {
    isOver = true;
    stop();
  };
}
