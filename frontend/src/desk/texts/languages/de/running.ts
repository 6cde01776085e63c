import type { Format } from '../../../../texts/format'
import type { running as english } from '../en/running'

export const running = (f: Format): ReturnType<typeof english> => ({
  running: {
    hidden: 'Die Durchschnitte sind verborgen, bis die Regeln des Haushalts sie zeigen, auch hier.',
    ready: 'Dieser Haushalt kann geöffnet werden',
    publishEvery: (count: number) =>
      `Neue Durchschnitte werden gezeigt, wenn mindestens ${f.count(count)} Antworten dazugekommen sind, damit niemand eine einzelne herauslesen kann. Der Rest wird beim Schließen gezeigt, wenn es mehr als zwei Antworten sind. In einer Klasse oder für einen Versuch nehmen Sie eine kleinere Zahl. Sobald jemand geantwortet hat, kann sie nur steigen.`,
    changeNumber: 'Die Zahl ändern',
    open: 'Öffnen',
    openQuestion:
      'Ab jetzt kann geantwortet werden. Mit der ersten Antwort wird eingefroren, was die Bedeutung der Antworten ändern würde.',
    pause: 'Haushalt anhalten',
    resume: 'Fortsetzen',
    close: 'Schließen',
    closeQuestion:
      'Es werden keine Antworten mehr angenommen, und das Endergebnis wird gezeigt. Das kann nicht rückgängig gemacht werden.',
    archive: 'Archivieren',
    unarchive: 'Aus dem Archiv holen',
    remove: 'Löschen',
    removeQuestion: 'Der Entwurf wird gelöscht. Das kann nicht rückgängig gemacht werden.',
    duplicate: 'Duplizieren',
    projector: 'Ansicht für den Beamer',
    publicPage: 'Seite für Teilnehmende',
    attention: 'Braucht Ihre Aufmerksamkeit',
    attentionKinds: {
      FLAGS:
        'Viele neue Stimmen haben etwas gemeinsam. Sehen Sie die auffälligen Gruppen unter den Antworten an.',
      CLOSES_SOON: 'Der Haushalt schließt in den nächsten 24 Stunden.',
      DRIFT: 'Die Durchschnitte weichen von einer Nachzählung ab. Bauen Sie sie unter „Betrieb“ neu auf.',
      STORAGE: 'Die Datenbank antwortet nicht. Antworten warten, bis sie es tut.',
    },
    figures: 'Wie es läuft',
    noFigures: 'Die Zahlen sind noch nicht da.',
    participants: 'Teilnehmende',
    submissions: 'Einsendungen',
    shown: 'In den Durchschnitten',
    revised: 'Haben geändert',
    lastFiveMinutes: 'In den letzten 5 Minuten',
    completion: 'Senden das Formular ab',
    perMinute: (sum: number, most: number) =>
      `${f.count(sum)} Einsendungen in der letzten Stunde, höchstens ${f.count(most)} in einer Minute`,
    languages: 'Sprachen:',
    results: 'Durchschnitte',
    schedule: 'Zeitplan',
    opensAt: 'Öffnet',
    closesAt: 'Schließt',
    opensByHand: 'Leer: Sie öffnen von Hand.',
    closesByHand: 'Leer: Sie schließen von Hand.',
    inYourZone: (time: string, zone: string) => `In Ihrer Zeitzone (${zone}): ${time}`,
    twice: (offset: string) =>
      `Die Uhren werden zurückgestellt und zeigen diese Zeit zweimal. Gemeint ist die bei UTC${offset}.`,
    timeZone: 'Zeitzone dieser Zeiten',
    timeZoneHint: 'Wo die Sommerzeit beginnt oder endet, wird eine Zeit abgelehnt, die es nicht gibt.',
    saveSchedule: 'Zeitplan speichern',
  },

  share: {
    draft: 'Der Link führt zum Haushalt, sobald er geplant oder offen ist.',
    poster: 'Plakat',
    qr: (url: string) => `QR-Code von ${url}`,
    language: 'Sprache des Plakats und des Textes',
    print: 'Plakat drucken',
    saveQr: 'QR-Code speichern (SVG)',
    link: 'Link',
    post: 'Text für einen Beitrag',
    iframe: 'Text des Rahmens',
    frame: 'Ergebnisse auf einer anderen Seite',
    frameText:
      'Fügen Sie diesen Text in eine Seite einer anderen Website ein. Sie zeigt dann die Mittelwerte live, soweit alle sie sehen dürfen, mit einem Link zum Mitmachen. Es wird kein Cookie gesetzt.',
    view: 'Im Rahmen',
    views: { RESULTS: 'Die Ergebnisse, live', FORM_LINK: 'Die Frage und der Link' },
    frameOfDraft: 'Der Rahmen erscheint hier, sobald das Budget kein Entwurf mehr ist.',
  },

  preview: {
    text: 'Die Seite, wie Teilnehmende sie sehen. Hier wird nichts gezählt.',
    language: 'Sprache',
    width: 'Bildschirm',
    widths: { phone: 'Telefon', desktop: 'Computer' },
    frame: 'Vorschau der Seite',
  },
})
