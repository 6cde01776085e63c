import type { Format } from '../../../../texts/format'

export const common = (f: Format) => ({
  desk: {
    name: 'Organisers’ desk',
    navigation: 'Desk',
    budgets: 'Budgets',
    accounts: 'Accounts',
    log: 'Audit log',
    statistics: 'Statistics',
    operations: 'Operations',
    signOut: 'Sign out',
    unknown: 'There is no such screen',
    toBudgets: 'To the budgets',
  },

  actions: {
    cancel: 'Cancel',
    copied: 'Copied',
    copy: (what: string) => `Copy: ${what}`,
  },

  paging: {
    label: 'Pages of the list',
    back: 'Back',
    next: 'Next',
    page: (number: number) => `Page ${f.count(number)}`,
  },

  roles: {
    VIEWER: 'Viewer',
    ORGANISER: 'Organiser',
    OWNER: 'Owner',
  },

  states: {
    DRAFT: 'Draft',
    SCHEDULED: 'Scheduled',
    OPEN: 'Open',
    PAUSED: 'Paused',
    CLOSED: 'Closed',
    ARCHIVED: 'Archived',
  },
})
