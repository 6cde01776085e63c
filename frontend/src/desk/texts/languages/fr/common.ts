import type { Format } from '../../../../texts/format'
import type { common as english } from '../en/common'

export const common = (f: Format): ReturnType<typeof english> => ({
  desk: {
    name: 'Bureau d’organisation',
    navigation: 'Bureau',
    budgets: 'Budgets',
    accounts: 'Comptes',
    log: 'Journal',
    statistics: 'Statistiques',
    operations: 'Fonctionnement',
    signOut: 'Se déconnecter',
    unknown: 'Cette page n’existe pas',
    toBudgets: 'Aux budgets',
  },

  actions: {
    cancel: 'Annuler',
    copied: 'Copié',
    copy: (what: string) => `Copier : ${what}`,
  },

  paging: {
    label: 'Pages de la liste',
    back: 'Retour',
    next: 'Suite',
    page: (number: number) => `Page ${f.count(number)}`,
  },

  roles: {
    VIEWER: 'Lecture',
    ORGANISER: 'Organisation',
    OWNER: 'Propriété',
  },

  states: {
    DRAFT: 'Brouillon',
    SCHEDULED: 'Programmé',
    OPEN: 'Ouvert',
    PAUSED: 'En pause',
    CLOSED: 'Clos',
    ARCHIVED: 'Archivé',
  },
})
