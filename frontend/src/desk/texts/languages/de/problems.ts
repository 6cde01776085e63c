import type { Format } from '../../../../texts/format'
import type { problems as english } from '../en/problems'

export const problems = (f: Format): ReturnType<typeof english> => ({
  problems: {
    noAnswer: 'Der Server antwortet nicht. Versuchen Sie es gleich noch einmal.',
    retryAfter: (seconds: number) => `Versuchen Sie es in ${f.duration(seconds)} noch einmal.`,
    refused: 'Der Server lehnt das ab',
    atField: (field: string, text: string) => `${field}: ${text}`,
    codes: {
      NOT_FOUND: 'Das gibt es nicht mehr. Laden Sie die Seite neu.',
      UNAUTHENTICATED: 'Ihre Sitzung ist zu Ende. Melden Sie sich an und wiederholen Sie es.',
      FORBIDDEN: 'Ihre Rolle erlaubt das nicht.',
      CONFLICT:
        'Jemand anders hat diesen Haushalt inzwischen geändert. Sehen Sie ihn an und versuchen Sie es dann noch einmal.',
      FROZEN: 'Es gibt Antworten. Was ihnen ihre Bedeutung gibt, bleibt, wie es ist.',
      RATE_LIMITED: 'Es waren zu viele Versuche.',
      OVERLOADED:
        'Der Server hat zu viel zu tun. Nichts wurde geändert. Versuchen Sie es gleich noch einmal.',
      UNAVAILABLE: 'Der Server kann das gerade nicht. Versuchen Sie es gleich noch einmal.',
      INTERNAL: 'Am Server ist etwas fehlgeschlagen. Sein Protokoll sagt, was.',
    },
    rules: {
      SLUG: '2 bis 64 Zeichen: a bis z, 0 bis 9 und Bindestriche. Am Anfang und am Ende steht ein Buchstabe oder eine Ziffer.',
      KEY: '1 bis 64 Zeichen: a bis z, 0 bis 9 und Bindestriche. Am Anfang und am Ende steht ein Buchstabe oder eine Ziffer.',
      REQUIRED: 'Das fehlt.',
      LENGTH: 'Dieser Text ist zu lang. Kürzen Sie ihn.',
      'name.LENGTH': 'Ein Name hat 2 bis 64 Zeichen.',
      'password.LENGTH': 'Ein Passwort hat mindestens 12 Zeichen.',
      'password.NAME': 'Das Passwort darf nicht der Name sein.',
      'password.WRONG': 'Das Passwort ist falsch.',
      'code.WRONG': 'Der Code ist falsch oder schon verwendet. Warten Sie auf den nächsten.',
      'name.TAKEN': 'Ein Konto mit diesem Namen gibt es schon.',
      'slug.TAKEN': 'Ein anderer Haushalt hat diese Adresse. Nehmen Sie eine andere.',
      'categories.COUNT': 'Ein Haushalt braucht 2 bis 30 Posten.',
      'incomes.COUNT': '1 bis 8 Einkommen sind nötig.',
      'taxes.COUNT': '1 bis 8 Steuern sind nötig.',
      'brackets.COUNT': 'Eine Steuer braucht 1 bis 20 Stufen.',
      LANGUAGE: 'Das ist kein Kürzel einer Sprache wie en oder de-AT.',
      LANGUAGES: 'Ein Haushalt hat höchstens 30 Sprachen.',
      OWN_LANGUAGE: 'Das ist schon die eigene Sprache des Haushalts.',
      CURRENCY: 'Das ist keine Währung aus drei Buchstaben wie USD oder EUR.',
      RANGE: 'Diese Zahl ist zu klein oder zu groß.',
      ORDER: 'Jede Stufe muss über der vorigen beginnen, die erste bei 0 oder darüber.',
      UNIQUE: 'Ein anderer Posten hat denselben Schlüssel.',
      COLOR: 'Eine Farbe ist ein # und sechs Ziffern, etwa #4f8ee4.',
      CONTRAST:
        'Diese Farbe ist auf der hellen oder der dunklen Seite schwer zu sehen. Nehmen Sie eine, die weder sehr hell noch sehr dunkel ist.',
      ACTUAL:
        'Das Formular kann nicht mit dem wirklichen Haushalt beginnen, weil kein Posten einen Anteil daran hat.',
      ACTUAL_MISSING:
        'Manche Posten haben einen Anteil am wirklichen Haushalt und manche nicht. Geben Sie ihn bei allen an oder bei keinem.',
      SUM: 'Die Anteile am wirklichen Haushalt müssen zusammen genau 100 % sein.',
      UNKNOWN_KEY: 'Kein Posten hat diesen Schlüssel, also liest niemand diese Texte.',
      VISIBILITY:
        'Wer mit einem Code geantwortet hat, ist danach nicht bekannt. Darum sehen alle die Ergebnisse erst nach dem Ende.',
      WINDOW: 'Diese Zeit ist vorbei oder liegt vor der Öffnung. Nehmen Sie eine spätere.',
      CLOSED:
        'Der Haushalt ist geschlossen und bleibt es, weil das Ergebnis bekannt ist. Duplizieren Sie ihn, um noch einmal zu fragen.',
      TIME_ZONE: 'Das ist keine Zeitzone wie Europe/Berlin.',
      LOCAL_TIME:
        'Diese Zeit gibt es in dieser Zeitzone nicht, weil die Uhren vorgestellt werden. Nehmen Sie eine andere.',
      STATE: 'Das geht nicht in dem Zustand, in dem der Haushalt jetzt ist.',
      FROZEN: 'Das bleibt, wie es ist, weil es Antworten gibt.',
      FILE: 'Die Datei kann nicht gelesen werden.',
      FORM: 'Das kann nicht als Haushalt gelesen werden.',
      LAST_OWNER: 'Das ist der letzte Eigentümer. Machen Sie zuerst jemand anders zum Eigentümer.',
      CHARACTERS: 'Ein Name hat keinen Doppelpunkt und keine Steuerzeichen.',
      ALREADY_EXCLUDED: 'Das ist schon ausgeschlossen.',
      ALREADY_UNDONE: 'Der Ausschluss ist schon aufgehoben.',
      RETENTION_OVER: 'Die Antworten dieses Haushalts sind gelöscht. Seine Ergebnisse bleiben.',
      SCRIPTS: 'Dieser Name mischt Buchstaben verschiedener Schriften. Nehmen Sie die einer Schrift.',
      HAS_TOTP: 'Ihr Konto hat schon einen zweiten Faktor. Schalten Sie ihn zuerst aus.',
      SIZE: 'Alle Texte zusammen sind zu lang. Kürzen Sie sie.',
      'publishEvery.FROZEN':
        'Die Zahl kann nur steigen: Es wurde im Vertrauen geantwortet, dass Ergebnisse für so viele Antworten zusammen gezeigt werden.',
      NOT_FAILED: 'Nur eine fehlgeschlagene Aufgabe kann noch einmal beginnen.',
    },
  },
})
