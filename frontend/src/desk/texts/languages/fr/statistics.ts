import type { Format } from '../../../../texts/format'
import type { statistics as english } from '../en/statistics'

export const statistics = (f: Format): ReturnType<typeof english> => ({
  statistics: {
    heading: 'Statistiques de tous les budgets',
    totals: 'Totaux',
    span: 'Période',
    lastDays: (days) => `Les ${days} derniers jours`,
    days: 'Réponses par jour (UTC)',
    sumOfDays: (sum, days) =>
      `${f.count(sum)} ${f.plural(sum, { one: 'réponse', many: 'de réponses', other: 'réponses' })} en ${f.count(days)} jours`,
    day: 'Jour',
    submissions: 'Réponses',
    anonymous: 'Dont sans « se souvenir de moi »',
    noDays: 'Aucune réponse dans cette période.',
    averages: 'Moyennes par poste',
    noAverages: 'Aucune moyenne n’est encore publiée.',
    category: 'Poste',
    average: 'Moyenne',
    revisions: 'Combien de fois chacun a répondu',
    revisionsText:
      'Les personnes dont le serveur se souvient ou qui ont un code. Chaque fois après la première est une modification.',
    revised: 'Participants qui ont modifié leur réponse',
    times: 'Fois',
    participants: 'Participants',
    noRevisions: 'Le serveur ne se souvient encore de personne.',
    budget: 'Budget',
    noBudgets: 'Il n’y a pas de budget.',
  },
})
