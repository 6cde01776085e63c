import type { BudgetPart } from './paths'
import { lazyComponent } from './lazyComponent'

/** The screens by their path below `/admin`. */
export const SCREENS = {
  '/': lazyComponent(async () => (await import('./budgets/BudgetListPage')).BudgetListPage),
  '/new': lazyComponent(async () => (await import('./budgets/NewBudgetPage')).NewBudgetPage),
  '/accounts': lazyComponent(async () => (await import('./accounts/AccountsPage')).AccountsPage),
  '/account': lazyComponent(async () => (await import('./accounts/OwnAccountPage')).OwnAccountPage),
  '/log': lazyComponent(async () => (await import('./audit/AuditPage')).AuditPage),
  '/statistics': lazyComponent(async () => (await import('./statistics/StatisticsPage')).StatisticsPage),
  '/operations': lazyComponent(async () => (await import('./operations/OperationsPage')).OperationsPage),
}

export const LazyBudgetPages = lazyComponent(async () => (await import('./budgets/BudgetPages')).BudgetPages)

export const LazyInvitationPage = lazyComponent(
  async () => (await import('./session/InvitationPage')).InvitationPage,
)

/** The parts of a budget's screen. */
export const LazyOverviewPart = lazyComponent(
  async () => (await import('./running/OverviewPart')).OverviewPart,
)

export const PARTS = {
  edit: lazyComponent(async () => (await import('./editor/EditorPart')).EditorPart),
  share: lazyComponent(async () => (await import('./running/SharePart')).SharePart),
  answers: lazyComponent(async () => (await import('./answers/AnswersPart')).AnswersPart),
  preview: lazyComponent(async () => (await import('./running/PreviewPart')).PreviewPart),
  statistics: lazyComponent(async () => (await import('./statistics/StatisticsPart')).StatisticsPart),
  people: lazyComponent(async () => (await import('./accounts/PeoplePart')).PeoplePart),
  log: lazyComponent(async () => (await import('./audit/BudgetLog')).BudgetLog),
} satisfies Record<BudgetPart, unknown>

/** What dialogs and lists to drag need is as much code as all the screens. */
export const LazyDialog = lazyComponent(async () => (await import('./components/AriaDialog')).AriaDialog)
export const LazyCategoryOrder = lazyComponent(
  async () => (await import('./editor/CategoryOrder')).CategoryOrder,
)

/** Begins to load what the address shows, before it is known who has signed in. */
export function loadScreenOf(path: string): void {
  const [first = '', , part] = path.replace(/^\/admin\/?/, '').split('/')
  if (first === 'budgets') {
    LazyBudgetPages.load()
    const shown = Object.entries(PARTS).find(([name]) => name === part)?.[1] ?? LazyOverviewPart
    shown.load()
  } else {
    Object.entries(SCREENS)
      .find(([screen]) => screen === `/${first}`)?.[1]
      .load()
  }
}

/** Loads everything: a person who works may lose the connection, and a new release removes the files of this one. */
export function loadAllScreens(): void {
  const all = [
    LazyBudgetPages,
    LazyOverviewPart,
    LazyDialog,
    LazyCategoryOrder,
    ...Object.values(SCREENS),
    ...Object.values(PARTS),
  ]
  all.forEach((one) => {
    one.load()
  })
}
