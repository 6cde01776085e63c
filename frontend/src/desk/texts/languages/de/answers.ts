import type { Format } from '../../../../texts/format'
import type { answers as english } from '../en/answers'

export const answers = (f: Format): ReturnType<typeof english> => ({
  answers: {
    never:
      'Jede Antwort ist eine Zeile. Niemand sieht hier, von wem sie ist; ihre Zeit ist auf die Stunde gerundet.',
    filters: 'Filter',
    since: 'Von',
    until: 'Bis',
    state: 'Zustand',
    states: { any: 'Alle', counted: 'Nicht ausgeschlossen', excluded: 'Ausgeschlossen' },
    category: 'Nach dem Anteil eines Postens',
    anyCategory: 'Egal',
    least: 'Mindestens, in Prozent',
    most: 'Höchstens, in Prozent',
    apply: 'Filtern',
    caption: 'Antworten, die neuesten zuerst',
    hour: 'Stunde',
    shares: 'Anteile',
    action: 'Aktion',
    none: 'Keine Antworten.',
    excluded: 'Ausgeschlossen',
    counts: 'Zählt',
    exclude: 'Ausschließen',
    excludeOne: 'Diese Antwort ausschließen',
    excludeCohort: 'Diese Gruppe von Antworten ausschließen',
    excludeText:
      'Sie wird aus allen Ergebnissen genommen. Die öffentliche Seite sagt, wie viele ausgeschlossen wurden, und den Grund.',
    reason: 'Grund',
    exclusions: 'Ausschlüsse',
    noExclusions: 'Nichts wurde ausgeschlossen.',
    count: 'Antworten',
    by: 'Von',
    at: 'Wann',
    inForce: 'Gilt',
    undo: 'Ausschluss aufheben',
    undoQuestion: (count: number) =>
      f.plural(count, {
        one: 'Die Antwort zählt wieder.',
        other: `Die ${f.count(count)} Antworten zählen wieder.`,
      }),
    undone: (time: string, by: string) => `Aufgehoben am ${time} von ${by}`,
    cohorts: 'Auffällige Gruppen',
    cohortsText:
      'Viele neue Stimmen einer Stunde haben etwas gemeinsam. Sie zählen, bis Sie sie ausschließen.',
    cohortKinds: { NETWORK: 'Ein Netz', ALLOCATION: 'Dieselben Anteile' },
    excludedOf: (excluded: number, voices: number) =>
      `${f.count(excluded)} von ${f.count(voices)} ausgeschlossen`,
    noAddress:
      'Zu einer Antwort wird keine Adresse gespeichert. Darum weiß niemand, welche aus diesem Netz kamen.',
    noCohorts: 'Keine Gruppe ist auffällig.',
    kind: 'Gemeinsam',
    voices: 'Stimmen',
    exporting: (written, of) => `${f.count(written)} von ${f.count(of)} Antworten`,
    exported: (count) =>
      `Gespeichert: ${f.count(count)} ${f.plural(count, { one: 'Antwort', other: 'Antworten' })}.`,
    exportFailed:
      'Die Datei wurde nicht gespeichert: Die Verbindung brach ab, oder der Server lehnte sie ab. Versuchen Sie es noch einmal.',
    exportCancelled: 'Abgebrochen. Es wurde nichts gespeichert.',
    downloads: 'Downloads',
    downloadsText:
      'Alle Antworten ohne alles, was zu einer Person führt, mit Zahlen in der Schreibweise Ihrer Sprache.',
    csv: 'Tabelle (CSV)',
    jsonl: 'Für Programme (JSON Lines)',
    dictionary: 'Was jede Spalte bedeutet (CSV)',
  },
})
