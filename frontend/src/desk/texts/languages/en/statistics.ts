import type { Format } from '../../../../texts/format'

export const statistics = (f: Format) => ({
  statistics: {
    heading: 'Statistics of all budgets',
    totals: 'Totals',
    span: 'Time',
    lastDays: (days: string) => `The last ${days} days`,
    days: 'Submissions by day (UTC)',
    sumOfDays: (sum: number, days: number) =>
      `${f.count(sum)} ${f.plural(sum, { one: 'submission', other: 'submissions' })} in ${f.count(days)} days`,
    day: 'Day',
    submissions: 'Submissions',
    anonymous: 'Of these without “remember me”',
    noDays: 'No submissions in this time.',
    averages: 'Averages by category',
    noAverages: 'No averages are published yet.',
    category: 'Category',
    average: 'Average',
    revisions: 'How often people submitted',
    revisionsText: 'People who are remembered or have a code. Every time after the first is a revision.',
    revised: 'Participants who revised',
    times: 'Times',
    participants: 'Participants',
    noRevisions: 'Nobody has been remembered yet.',
    budget: 'Budget',
    noBudgets: 'There are no budgets.',
  },
})
