import { Suspense, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useClient } from 'urql'
import { Link, Redirect } from 'wouter'
import { Announcer } from '../../components/Announcer'
import { Page } from '../../components/Page'
import { Deferred } from '../../components/Deferred'
import { LoadingContent } from '../../components/states/LoadingContent'
import { LoadingPart } from '../../components/states/LoadingPart'
import { ProblemContent } from '../../components/states/ProblemContent'
import { useFormat } from '../../texts/useTexts'
import { titleFor } from '../editor/draft'
import { browserDraft } from '../editor/draftStorage'
import { DraftSaver } from '../editor/draftSaver'
import { budgetPath, type BudgetPart } from '../paths'
import { LazyOverviewPart, PARTS } from '../lazyScreens'
import { includes, useSession } from '../session/useSession'
import { useDeskTexts } from '../texts/useDeskTexts'
import { BudgetFeed, type DeskBudget } from './budgetFeed'
import { savedOf, sendDraft } from './sendDraft'
import { StateTag } from './StateTag'
import { CurrentBudget } from './useBudget'
import styles from './BudgetPages.module.css'

/** All screens of one budget. They share what is edited, so that a change is saved also after going to another one. */
export function BudgetPages({ slug, part }: { slug: string; part: string | undefined }) {
  const { budget: texts } = useDeskTexts()
  const { signIns } = useSession()
  const client = useClient()
  const [feed] = useState(() => new BudgetFeed(client, slug))
  // After signing in again, what was refused meanwhile is asked for anew.
  useEffect(() => feed.start(), [feed, signIns])
  const { budget, problem } = useSyncExternalStore(feed.subscribe, feed.current)

  if (budget) return <OneBudget budget={budget} feed={feed} slug={slug} part={part} />
  return (
    <Page>
      {budget === null ? (
        <>
          <h1>{texts.unknown(slug)}</h1>
          <p>
            <Link href="/">{texts.toAll}</Link>
          </p>
        </>
      ) : problem ? (
        <ProblemContent
          problem={problem}
          onRetry={() => {
            void feed.load()
          }}
        />
      ) : (
        <LoadingContent />
      )}
    </Page>
  )
}

interface Props {
  budget: DeskBudget
  feed: BudgetFeed
  slug: string
  part: string | undefined
}

function OneBudget({ budget, feed, slug, part }: Props) {
  const { budget: texts, states } = useDeskTexts()
  const { locale } = useFormat()
  const { me, signIns } = useSession()
  const client = useClient()
  const [saver] = useState(
    () => new DraftSaver(savedOf(budget), sendDraft(client, feed), browserDraft(me.id, budget.id)),
  )
  const { draft } = useSyncExternalStore(saver.subscribe, saver.current)
  useEffect(() => {
    saver.receive(savedOf(budget))
  }, [saver, budget])
  useEffect(() => {
    if (signIns > 0) saver.flush()
  }, [saver, signIns])
  useEffect(
    () => () => {
      saver.flush()
    },
    [saver],
  )
  const context = useMemo(() => ({ budget, feed, saver }), [budget, feed, saver])

  const isOrganiser = includes(budget.role, 'ORGANISER')
  const parts: readonly BudgetPart[] = isOrganiser
    ? ['edit', 'share', 'preview', 'answers', 'statistics', 'people', 'log']
    : ['share', 'preview', 'answers', 'statistics']
  // The address of a draft can be changed while it is edited.
  if (budget.slug !== slug)
    return (
      <Redirect
        href={budgetPath(
          budget.slug,
          parts.find((one) => one === part),
        )}
        replace
      />
    )
  const shown = titleFor(draft, locale)
  const title = shown === '' ? texts.untitled : shown
  return (
    <CurrentBudget value={context}>
      <Page title={title}>
        <p className={styles.state} data-state={budget.state}>
          <StateTag state={budget.state} />
        </p>
        <Announcer text={states[budget.state]} />
        <h1>
          <bdi>{title}</bdi>
        </h1>
        <nav className={styles.parts} aria-label={texts.parts}>
          <PartLink href={budgetPath(slug)} isHere={part === undefined}>
            {texts.part.overview}
          </PartLink>
          {parts.map((one) => (
            <PartLink key={one} href={budgetPath(slug, one)} isHere={part === one}>
              {texts.part[one]}
            </PartLink>
          ))}
        </nav>
        <Part key={part} part={parts.find((one) => one === part)} />
      </Page>
    </CurrentBudget>
  )
}

function PartLink({ href, isHere, children }: { href: string; isHere: boolean; children: ReactNode }) {
  return (
    <Link href={href} aria-current={isHere ? 'page' : undefined}>
      {children}
    </Link>
  )
}

function Part({ part }: { part: BudgetPart | undefined }) {
  const Shown = part === undefined ? LazyOverviewPart : PARTS[part]
  return (
    <Deferred>
      <Suspense fallback={<LoadingPart />}>
        <Shown />
      </Suspense>
    </Deferred>
  )
}
