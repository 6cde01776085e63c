import { phaseText } from '../components/budget/phaseText'
import { phaseOf } from '../domain/budgetWindow'
import { comparisonLines, scaleEnd } from '../features/results/comparisonLines'
import { hiddenText } from '../features/results/hiddenText'
import { shownPart } from '../features/results/shownPart'
import { budgetPath, budgetResultsPath } from '../routing/addresses'
import type { Language } from '../texts/languages'
import { serverClock } from './api'
import type { Budget, State } from './follow'
import { element } from './element'

export type View = 'results' | 'form-link'

/** Returns the function that shows a state. Elements are made once, so that a bar moves and a focused link stays. */
export function createView(
  root: HTMLElement,
  slug: string,
  view: View,
  { code, direction, texts, format }: Language,
): (state: State) => void {
  const title = element('bdi')
  const phase = element('p', 'phase')
  const participants = element('span', 'participants')
  const connection = element('span', 'connection')
  const lines = element('ol', 'lines')
  const note = element('p', 'note')
  const legend = element('p', 'legend', element('span', 'tick'), texts.results.real)
  const linkText = element('span')
  const link = element('a', 'link', linkText, element('span', 'hidden', ` ${texts.embedded.newTab}`))
  const status = element('p', 'status', participants, connection)
  lines.setAttribute('aria-label', texts.results.averages)
  legend.ariaHidden = 'true'
  link.target = '_blank'
  link.rel = 'noopener'
  root.className = 'embedded'
  root.dataset.view = view
  const about = element('div', 'about', element('h1', '', title), phase)
  const chart = element('div', 'chart', lines, legend, note)
  const actions = element('p', 'actions', link)
  const parts = view === 'results' ? [about, status, chart, actions] : [about, actions]

  return (state) => {
    if (state.budget === undefined) return
    if (state.budget === null) {
      root.replaceChildren(element('p', 'note', texts.budget.unknown(slug)))
      return
    }
    if (!about.isConnected) root.replaceChildren(...parts)
    showBudget(state.budget)
    if (view === 'results') showResults(state.budget, state)
  }

  function phaseNow(budget: Budget) {
    return phaseOf(budget, serverClock.now())
  }

  function showBudget(budget: Budget): void {
    const now = phaseNow(budget)
    title.textContent = budget.title
    phase.textContent = phaseText(texts, format, budget, now)
    const isOver = now === 'over'
    const path = isOver ? budgetResultsPath(slug) : budgetPath(slug)
    link.href = `${path}?lang=${encodeURIComponent(code)}`
    linkText.textContent = isOver ? texts.site.aggregate : texts.site.participate
  }

  function showResults(budget: Budget, { results, isHidden, connection: link }: State): void {
    const shown = isHidden ? undefined : results
    participants.textContent = shown ? texts.budgets.participants(shown.participantCount) : ''
    connection.dataset.connection = isHidden ? 'idle' : link
    connection.textContent = isHidden || link === 'idle' ? '' : texts.connection[link]
    note.textContent = isHidden ? hiddenText(texts, format, budget.visibility, budget.closesAt) : part()
    const compared = comparisonLines(budget.categories, shown, undefined)
    const end = scaleEnd(compared)
    legend.hidden = compared.every(({ real }) => real === undefined)
    compared.forEach((line, index) => {
      const made = lines.children.item(index) ?? lines.appendChild(createLine())
      const [label, share, scale] = made.children
      const [bar, mark] = (scale as HTMLElement).children as unknown as [HTMLElement, HTMLElement]
      if (made instanceof HTMLElement) made.dataset.category = line.key
      label?.replaceChildren(element('bdi', '', line.label))
      share?.replaceChildren(
        line.everyone === undefined ? '–' : format.percent(line.everyone),
        ...(line.real === undefined
          ? []
          : [element('span', 'hidden', ` (${texts.results.real}: ${format.percent(line.real)})`)]),
      )
      bar.style.inlineSize = `${((line.everyone ?? 0) / end) * 100}%`
      mark.hidden = line.real === undefined
      mark.style.transform = `translateX(${(direction === 'rtl' ? -100 : 100) * ((line.real ?? 0) / end)}%)`
    })
    while (lines.children.length > compared.length) lines.lastElementChild?.remove()

    function part(): string {
      if (!shown) return ''
      const part = shownPart(shown, budget.publishEvery, phaseNow(budget) === 'over')
      switch (part.kind) {
        case 'all':
          return ''
        case 'none':
          return texts.results.noneShown(budget.publishEvery, part.missing)
        case 'part':
          return texts.results.partShown(part.shown, part.missing)
        case 'removed':
          return texts.results.removedShown
        case 'rest':
          return texts.results.restHeldBack(part.heldBack)
      }
    }
  }

  function createLine(): HTMLElement {
    const scale = element('div', 'scale', element('div', 'bar'), element('div', 'real'))
    scale.ariaHidden = 'true'
    return element('li', 'line', element('p', 'label'), element('p', 'share'), scale)
  }
}
