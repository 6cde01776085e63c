import { draftOf, type Draft } from './draft'

/** A budget with two categories and a translation, for tests. */
export function testDraft(change: Partial<Draft> = {}): Draft {
  return {
    ...draftOf({
      slug: 'town',
      title: 'How should our town spend its money?',
      categories: [
        { key: 'schools', label: 'Schools', description: '', color: '#0e7866' },
        { key: 'roads', label: 'Roads', description: '', color: '#b5495b' },
      ],
      translations: {
        de: { title: 'Wofür?', categories: { schools: { label: 'Schulen', description: '' } } },
      },
    }),
    ...change,
  }
}
