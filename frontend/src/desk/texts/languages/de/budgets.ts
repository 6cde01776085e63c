import type { budgets as english } from '../en/budgets'

export const budgets = (): ReturnType<typeof english> => ({
  budgets: {
    heading: 'Haushalte',
    create: 'Neuer Haushalt',
    none: 'Hier gibt es noch keinen Haushalt.',
    archived: 'Auch archivierte Haushalte zeigen',
    changed: (time: string, by: string | null) =>
      by === null ? `Geändert am ${time}` : `Geändert am ${time} von ${by}`,
  },

  newBudget: {
    heading: 'Neuer Haushalt',
    from: 'Beginnen mit',
    beginnings: {
      empty: { name: 'Nichts', text: 'Ein leerer Entwurf.' },
      template: { name: 'Einer Vorlage', text: 'Ein wirklicher Haushalt mit seinen Zahlen, zum Anpassen.' },
      file: { name: 'Einer Datei', text: 'YAML oder JSON, wie es hier exportiert wird.' },
      copy: { name: 'Einer Kopie', text: 'Alles aus einem anderen Haushalt, ohne seine Antworten.' },
    },
    title: 'Die Frage',
    titleHint: 'Zum Beispiel: Wofür soll unsere Stadt ihr Geld ausgeben?',
    slug: 'Adresse',
    slugHint: (slug: string) => `Die Seite wird unter /b/${slug === '' ? '…' : slug} stehen`,
    language: 'Sprache der Texte',
    currency: 'Währung',
    currencyHint: 'Drei Buchstaben, etwa EUR.',
    drop: 'Eine Datei hier ablegen, oder',
    choose: 'Eine Datei wählen',
    fileText: 'Inhalt der Datei',
    submit: 'Entwurf anlegen',
  },

  budget: {
    unknown: (slug: string) => `Für Ihr Konto gibt es keinen Haushalt „${slug}“`,
    toAll: 'Zu allen Haushalten',
    untitled: 'Haushalt ohne Titel',
    parts: 'Seiten dieses Haushalts',
    part: {
      overview: 'Überblick',
      edit: 'Bearbeiten',
      share: 'Teilen',
      preview: 'Vorschau',
      answers: 'Antworten',
      statistics: 'Statistik',
      people: 'Leute',
      log: 'Protokoll',
    },
  },
})
