export const budgets = () => ({
  budgets: {
    heading: 'Budgets',
    create: 'New budget',
    none: 'There is no budget here yet.',
    archived: 'Show archived budgets too',
    changed: (time: string, by: string | null) =>
      by === null ? `Changed ${time}` : `Changed ${time} by ${by}`,
  },

  newBudget: {
    heading: 'New budget',
    from: 'Start from',
    beginnings: {
      empty: { name: 'Nothing', text: 'An empty draft.' },
      template: { name: 'A template', text: 'A real budget with its figures, to adapt.' },
      file: { name: 'A file', text: 'YAML or JSON, as exported here.' },
      copy: { name: 'A copy', text: 'Everything of another budget but its answers.' },
    },
    title: 'The question',
    titleHint: 'For example: How should our town spend its money?',
    slug: 'Address',
    slugHint: (slug: string) => `The page will be at /b/${slug === '' ? '…' : slug}`,
    language: 'Language of its texts',
    currency: 'Currency',
    currencyHint: 'Three letters, such as EUR.',
    drop: 'Drop a file here, or',
    choose: 'Choose a file',
    fileText: 'Content of the file',
    submit: 'Make the draft',
  },

  budget: {
    unknown: (slug: string) => `There is no budget “${slug}” for your account`,
    toAll: 'To all budgets',
    untitled: 'Budget without a title',
    parts: 'Screens of this budget',
    part: {
      overview: 'Overview',
      edit: 'Edit',
      share: 'Share',
      preview: 'Preview',
      answers: 'Answers',
      statistics: 'Statistics',
      people: 'People',
      log: 'Log',
    },
  },
})
