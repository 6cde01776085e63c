import type { Format } from '../../../../texts/format'
import type { statistics as english } from '../en/statistics'

export const statistics = (f: Format): ReturnType<typeof english> => ({
  statistics: {
    heading: 'Statistik aller Haushalte',
    totals: 'Summen',
    span: 'Zeitraum',
    lastDays: (days) => `Die letzten ${days} Tage`,
    days: 'Antworten je Tag (UTC)',
    sumOfDays: (sum, days) =>
      `${f.count(sum)} ${f.plural(sum, { one: 'Antwort', other: 'Antworten' })} in ${f.count(days)} Tagen`,
    day: 'Tag',
    submissions: 'Antworten',
    anonymous: 'Davon ohne „Erinnern“',
    noDays: 'In diesem Zeitraum gab es keine Antworten.',
    averages: 'Mittelwerte je Posten',
    noAverages: 'Es sind noch keine Mittelwerte veröffentlicht.',
    category: 'Posten',
    average: 'Mittelwert',
    revisions: 'Wie oft jemand geantwortet hat',
    revisionsText:
      'Teilnehmende, an die sich der Server erinnert oder die einen Code haben. Jedes Mal nach dem ersten ist eine Änderung.',
    revised: 'Teilnehmende, die etwas geändert haben',
    times: 'Wie oft',
    participants: 'Teilnehmende',
    noRevisions: 'Bisher erinnert sich der Server an niemanden.',
    budget: 'Haushalt',
    noBudgets: 'Es gibt keine Haushalte.',
  },
})
