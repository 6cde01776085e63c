import type { BudgetPart } from './paths'
import { room } from './room'

/** The screens by their path below `/admin`. */
export const SCREENS = {
  '/': room(async () => (await import('./budgets/BudgetListPage')).BudgetListPage),
  '/new': room(async () => (await import('./budgets/NewBudgetPage')).NewBudgetPage),
  '/accounts': room(async () => (await import('./accounts/AccountsPage')).AccountsPage),
  '/account': room(async () => (await import('./accounts/OwnAccountPage')).OwnAccountPage),
  '/log': room(async () => (await import('./audit/AuditPage')).AuditPage),
  '/statistics': room(async () => (await import('./statistics/StatisticsPage')).StatisticsPage),
  '/operations': room(async () => (await import('./operations/OperationsPage')).OperationsPage),
}

export const BudgetRoom = room(async () => (await import('./budgets/BudgetPages')).BudgetPages)

export const InvitationRoom = room(async () => (await import('./session/InvitationPage')).InvitationPage)

/** The parts of a budget's screen. */
export const OverviewRoom = room(async () => (await import('./running/OverviewPart')).OverviewPart)

export const PARTS = {
  edit: room(async () => (await import('./editor/EditorPart')).EditorPart),
  share: room(async () => (await import('./running/SharePart')).SharePart),
  answers: room(async () => (await import('./answers/AnswersPart')).AnswersPart),
  preview: room(async () => (await import('./running/PreviewPart')).PreviewPart),
  statistics: room(async () => (await import('./statistics/StatisticsPart')).StatisticsPart),
  people: room(async () => (await import('./accounts/PeoplePart')).PeoplePart),
  log: room(async () => (await import('./audit/BudgetLog')).BudgetLog),
} satisfies Record<BudgetPart, unknown>

/** What dialogs and lists to drag need is as much code as all the screens. */
export const DialogRoom = room(async () => (await import('./components/AriaDialog')).AriaDialog)
export const CategoryOrderRoom = room(async () => (await import('./editor/CategoryOrder')).CategoryOrder)

/** Begins to load what the address shows, before it is known who has signed in. */
export function loadRoomOf(path: string): void {
  const [first = '', , part] = path.replace(/^\/admin\/?/, '').split('/')
  if (first === 'budgets') {
    BudgetRoom.load()
    const shown = Object.entries(PARTS).find(([name]) => name === part)?.[1] ?? OverviewRoom
    shown.load()
  } else {
    Object.entries(SCREENS)
      .find(([screen]) => screen === `/${first}`)?.[1]
      .load()
  }
}

/** Loads everything: a person who works may lose the connection, and a new release removes the files of this one. */
export function loadAllRooms(): void {
  const all = [
    BudgetRoom,
    OverviewRoom,
    DialogRoom,
    CategoryOrderRoom,
    ...Object.values(SCREENS),
    ...Object.values(PARTS),
  ]
  all.forEach((one) => {
    one.load()
  })
}
