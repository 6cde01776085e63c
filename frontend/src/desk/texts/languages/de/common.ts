import type { Format } from '../../../../texts/format'
import type { common as english } from '../en/common'

export const common = (f: Format): ReturnType<typeof english> => ({
  desk: {
    name: 'Schreibtisch für Veranstalter',
    navigation: 'Schreibtisch',
    budgets: 'Haushalte',
    accounts: 'Konten',
    log: 'Protokoll',
    statistics: 'Statistik',
    operations: 'Betrieb',
    signOut: 'Abmelden',
    unknown: 'Diese Seite gibt es nicht',
    toBudgets: 'Zu den Haushalten',
  },

  actions: {
    cancel: 'Abbrechen',
    copied: 'Kopiert',
    copy: (what: string) => `Kopieren: ${what}`,
  },

  paging: {
    label: 'Seiten der Liste',
    back: 'Zurück',
    next: 'Weiter',
    page: (number: number) => `Seite ${f.count(number)}`,
  },

  roles: {
    VIEWER: 'Leser',
    ORGANISER: 'Veranstalter',
    OWNER: 'Eigentümer',
  },

  states: {
    DRAFT: 'Entwurf',
    SCHEDULED: 'Geplant',
    OPEN: 'Offen',
    PAUSED: 'Angehalten',
    CLOSED: 'Geschlossen',
    ARCHIVED: 'Archiviert',
  },
})
