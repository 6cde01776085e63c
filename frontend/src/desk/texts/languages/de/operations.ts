import type { Format } from '../../../../texts/format'
import type { operations as english } from '../en/operations'

export const operations = (f: Format): ReturnType<typeof english> => ({
  operations: {
    heading: 'Betrieb',
    database: (kind: string) => `Datenbank (${kind})`,
    ok: 'antwortet',
    away: 'antwortet nicht',
    notConfigured: 'Nicht eingerichtet',
    queue: 'Wartende Einsendungen',
    foldLag: 'Alter der ältesten Änderung, die nicht in den Durchschnitten ist',
    pendingDeltas: 'Änderungen, die nicht in den Durchschnitten sind',
    snapshotAge: 'Alter der neuesten Durchschnitte',
    size: 'Größe der Datenbank',
    reads: 'Lesen: Speicher / Redis / Tabelle / Neuzählung',
    ms: (count: string) => `${count} ms`,
    megabytes: (count: string) => `${count} MB`,
    nodes: 'Knoten',
    node: 'Knoten',
    role: 'Rolle',
    version: 'Version',
    started: 'Gestartet',
    seen: 'Zuletzt gesehen',
    connections: 'Verbindungen',
    streams: 'Datenströme',
    noNodes: 'Noch kein Knoten hat sich gemeldet.',
    jobs: 'Aufträge',
    verify: 'Durchschnitte prüfen',
    rebuild: 'Durchschnitte neu berechnen',
    rebuildQuestion:
      'Alle Antworten werden neu gezählt und die Durchschnitte berichtigt, wo sie abweichen. Niemand merkt etwas davon.',
    kind: 'Auftrag',
    kinds: {
      VERIFY: 'Prüfen',
      REBUILD: 'Neu berechnen',
      RETENTION: 'Alte Antworten löschen',
    },
    created: 'Erteilt',
    attempts: 'Versuche',
    outcome: 'Ergebnis',
    outcomes: {
      NO_DRIFT: (count: number) =>
        f.plural(count, {
          one: 'die Durchschnitte eines Haushalts stimmen genau',
          other: `die Durchschnitte von ${f.count(count)} Haushalten stimmen genau`,
        }),
      DRIFT: (_: number, budgets: string) => `die Durchschnitte weichen von den Antworten ab: ${budgets}`,
      REBUILT: (count: number) =>
        count === 0
          ? 'kein Durchschnitt wich ab'
          : f.plural(count, {
              one: 'die Durchschnitte eines Haushalts wichen ab und sind berichtigt',
              other: `die Durchschnitte von ${f.count(count)} Haushalten wichen ab und sind berichtigt`,
            }),
      DELETED: (count: number) =>
        f.plural(count, {
          one: 'eine Antwort wurde gelöscht',
          other: `${f.count(count)} Antworten wurden gelöscht`,
        }),
      UNKNOWN_BUDGET: (_: number, budget: string) => `es gibt keinen Haushalt ${budget}`,
      ATTEMPTS_EXHAUSTED: (count: number) =>
        f.plural(count, {
          one: 'der Versuch kam nicht zum Ende',
          other: `keiner von ${f.count(count)} Versuchen kam zum Ende`,
        }),
    },
    noJobs: 'Es gab noch keinen Auftrag.',
    waiting: 'wartet',
    running: 'läuft',
    done: 'fertig',
    failed: 'gescheitert',
    progress: 'Fortschritt',
    of: (done: string, total: string) => `${done} von ${total}`,
    retry: 'Noch einmal versuchen',
  },
})
