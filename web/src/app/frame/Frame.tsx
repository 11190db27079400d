import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useNavigate } from '@tanstack/react-router';
import { Suspense, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { connectionStore } from '@/api/connection';
import { keys } from '@/api/keys';
import { followEvents } from '@/api/live-updates';
import { FrameSession, sessionQuery } from '@/api/session';
import { tellWorker } from '@/util/worker';
import type { Session } from '@/api/types';
import { unsentStore } from '@/api/unsent';
import { recordMark } from '@/fields/record-mark';
import { RecordLinkComponent, type RecordLinkProps } from '@/fields/RecordLink';
import { CardTools } from '@/records/card/card-tools';
import { MainBlocks, RelatedBlocks } from '@/records/card/related-blocks';
import { HoverHost } from '@/records/hover/HoverHost';
import { useMinimisedCards } from '@/records/minimised/minimised-cards';
import { LaterChangesHost } from '@/records/operations/LaterChangesHost';
import { paths } from '@/records/paths';
import { lazyPart } from '@/ui/lazy-part';
import { TopBarSlot } from '@/ui/TopBarContent';
import { ChosenFormats, TimeZone, useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { useShortcuts } from '@/ui/use-shortcuts';
import { followDrafts, keptDrafts } from '@/util/drafts';
import { isLanguage } from '@/util/languages';
import { whenQuiet } from '@/util/when-quiet';
import { applyAppearance } from '../appearance';
import { switchLanguage } from '../i18n';
import { BottomBar } from './BottomBar';
import { CARD_TOOLS, MAIN_BLOCKS, RELATED_BLOCKS } from './card-parts';
import styles from './Frame.module.css';
import { Rail } from './Rail';
import { TopBar } from './TopBar';
import { typedAhead } from './typed-ahead';
import { useCreateTarget } from './use-create-target';

const Palette = lazyPart(() => import('./Palette'), 'Palette');

const KeyHelp = lazyPart(() => import('./KeyHelp'), 'KeyHelp');

const MinimisedBar = lazyPart(() => import('@/records/minimised/MinimisedBar'), 'MinimisedBar');

const HoursWarning = lazyPart(() => import('./HoursWarning'), 'HoursWarning');

const UnsentBar = lazyPart(() => import('@/records/unsent/UnsentBar'), 'UnsentBar');

const KeptDrafts = lazyPart(() => import('./KeptDrafts'), 'KeptDrafts');

const SeenAsBanner = lazyPart(() => import('./SeenAsBanner'), 'SeenAsBanner');

const STORED_FOLD = 'kartoteka.rail_is_folded';

function CardLink({ type, id, among, className, children }: RecordLinkProps) {
  const link = among === undefined ? paths.card(type, id) : paths.list(among.type, { filter: among.filter });
  return (
    <Link {...link} {...(among === undefined ? recordMark(type, id) : {})} className={className} onClick={(event) => event.stopPropagation()}>
      {children}
    </Link>
  );
}

/** Since when the page stands as it is, in the formats of whoever reads it. */
function OfflineText({ keptAt }: { keptAt: string | null }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  return keptAt === null ? t('offline') : t('offline_since', { when: format.recent(keptAt) });
}

/** What stands around every screen behind the login. */
export function Frame() {
  const { data: session } = useQuery(sessionQuery);
  useEffect(() => {
    if (session === null) tellWorker({ type: 'forget' });
  }, [session]);
  if (session === null) {
    const { pathname, search } = window.location;
    return <Navigate to="/login" search={{ next: pathname + search }} />;
  }
  if (session === undefined) return null;
  if (session.must_set_up_second_step) return <Navigate to="/second-step" />;
  return (
    <FrameSession value={session}>
      <FrameOf session={session} />
    </FrameSession>
  );
}

function FrameOf({ session }: { session: Session }) {
  const { t } = useTranslation('app');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [isFolded, setIsFolded] = useState(localStorage.getItem(STORED_FOLD) === 'true');
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  // A window made wide while the drawer is open shows the sections beside the page, which must stay usable.
  const isDrawerShown = useNarrow() && isDrawerOpen;
  const [openOverlay, setOpenOverlay] = useState<'palette' | 'keys' | null>(null);
  const [ahead] = useState(() => typedAhead());
  const openPalette = useCallback(() => {
    if (openOverlay === 'palette') return;
    ahead.start(t('search_hint'));
    setOpenOverlay('palette');
  }, [ahead, openOverlay, t]);
  useEffect(() => ahead.stop, [ahead]);
  const { isReachable, keptAt } = useSyncExternalStore(connectionStore.subscribe, connectionStore.read);
  const createTarget = useCreateTarget();
  const kept = useSyncExternalStore(followDrafts, () => keptDrafts(session.user.id));
  const unsent = useSyncExternalStore(unsentStore.subscribe, () => unsentStore.read(session.user.id));
  const hasMinimised = useMinimisedCards().length > 0;
  const { language, theme, density, time_zone: timeZone, formats: own } = session.user;
  const { formats: shared } = session.installation;
  const formats = useMemo(() => [own, shared], [own, shared]);

  useEffect(() => {
    if (isLanguage(language)) void switchLanguage(language);
  }, [language]);
  useEffect(() => applyAppearance(theme, density), [theme, density]);
  useEffect(() => {
    void whenQuiet().then(() => {
      Palette.preload();
      // Without a connection it could not be fetched.
      UnsentBar.preload();
    });
  }, []);
  useEffect(() => followEvents(client, () => client.setQueryData(keys.session, null)), [client]);

  useShortcuts(
    useMemo(
      () => ({
        'mod+KeyK': openPalette,
        '?': () => setOpenOverlay('keys'),
        KeyC: () => {
          if (createTarget !== null) void navigate(paths.create(createTarget.type.name, createTarget.section));
        },
      }),
      [createTarget, navigate, openPalette],
    ),
  );

  function toggleFold(): void {
    localStorage.setItem(STORED_FOLD, String(!isFolded));
    setIsFolded(!isFolded);
  }

  return (
    <RecordLinkComponent value={CardLink}>
      <RelatedBlocks value={RELATED_BLOCKS}>
      <MainBlocks value={MAIN_BLOCKS}>
      <CardTools value={CARD_TOOLS}>
      <ChosenFormats value={formats}>
      <TimeZone value={timeZone ?? undefined}>
        <TopBarSlot value={slot}>
          <a href="#content" className={styles.skip}>
            {t('skip_to_content')}
          </a>
          <div className={styles.frame} data-folded={isFolded || undefined} data-drawer={isDrawerShown || undefined}>
            <Rail
              isFolded={isFolded}
              onToggleFold={toggleFold}
              isDrawerOpen={isDrawerShown}
              onCloseDrawer={() => setIsDrawerOpen(false)}
            />
            {isDrawerShown && (
              <button type="button" className={styles.shade} aria-label={t('close_menu')} onClick={() => setIsDrawerOpen(false)} />
            )}
            <div className={styles.column} inert={isDrawerShown}>
              {session.seen_by != null && <SeenAsBanner name={session.user.name} />}
              {session.working_hours != null && <HoursWarning key={`${session.working_hours.open_until} ${session.working_hours.remaining_ms}`} hours={session.working_hours} />}
              {kept.length > 0 && <KeptDrafts drafts={kept} />}
              <TopBar
                slotRef={setSlot}
                createTarget={createTarget}
                onOpenPalette={openPalette}
                onOpenKeys={() => setOpenOverlay('keys')}
              />
              {unsent.length > 0 && <UnsentBar userId={session.user.id} entries={unsent} />}
              {!isReachable && (
                <p className={styles.offline} role="status">
                  <OfflineText keptAt={keptAt} />
                </p>
              )}
              <main id="content" className={styles.content} tabIndex={-1}>
                <Suspense>
                  <Outlet />
                </Suspense>
              </main>
              {hasMinimised && <MinimisedBar />}
            </div>
            <BottomBar isInert={isDrawerShown} onOpenMenu={() => setIsDrawerOpen(true)} />
          </div>
          <HoverHost />
          <LaterChangesHost />
          {openOverlay === 'palette' && <Palette ahead={ahead} onClose={() => setOpenOverlay(null)} onOpenKeys={() => setOpenOverlay('keys')} />}
          {openOverlay === 'keys' && <KeyHelp onClose={() => setOpenOverlay(null)} />}
        </TopBarSlot>
      </TimeZone>
      </ChosenFormats>
      </CardTools>
      </MainBlocks>
      </RelatedBlocks>
    </RecordLinkComponent>
  );
}
