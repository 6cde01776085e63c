import type { PrivacyTexts } from '../privacyTexts'

export const texts: PrivacyTexts = {
  intro: 'Diese Seite entsteht aus den Einstellungen dieses Servers.',
  stored: 'Was gespeichert wird',
  storedText:
    'Jede Antwort: wie sie die 100\u00a0% aufteilt und wann sie abgesendet wurde. Kein Name, keine E-Mail-Adresse, kein Konto. Die Adresse einer Ergebnisseite enthält eine Zufallszahl; wer den Link hat, sieht diese eine Antwort.',
  cookie: 'Cookie',
  cookieText:
    'Nur wenn Sie gemerkt werden möchten, behält dieser Browser ein Jahr lang ein Cookie mit einer Zufallszahl. Damit ersetzt Ihre letzte Antwort die vorige, und Sie können Ihre Antworten sehen und löschen. Es wird nur an diesen Server gesendet.',
  codes:
    'Bei einem Haushalt mit Codes tritt der Code an die Stelle des Cookies. Der Server speichert keinen Code, nur das, woran er einen erkennt.',
  browser:
    'Ihr Browser behält die gewählte Sprache. Bis Sie den Tab schließen oder Ihre Antworten löschen, behält er auch den Entwurf im Formular, Ihren Code und eine Antwort, die Sie mit einem Code oder ohne Cookie gegeben haben. Ihr Einkommen im Steuerbeleg verlässt ihn nie.',
  address: 'Ihre Netzwerkadresse',
  addressText:
    'Grenzen werden je Netzwerk gezählt, damit niemand massenhaft antworten kann. Die Adresse wird sofort mit einem geheimen Schlüssel in eine Zahl verwandelt und weder gespeichert noch protokolliert. Der Schlüssel ist jeden Tag ein neuer, und der alte wird innerhalb von 48 Stunden gelöscht. Veranstalter sehen nur als Zahl, wie viele Antworten einer Stunde aus einem Netzwerk kamen oder gleich waren.',
  organisers: 'Was die Veranstaltenden sehen',
  organisersText:
    'Wer einen Haushalt veranstaltet, kann einzelne Antworten und die Stunde jeder Antwort lesen, aber nie, von wem sie ist: Die Liste führt zu keiner Ergebnisseite, keinem Cookie und keinem Code. Antworten können aus der Zählung genommen werden. Dann sehen alle, wie viele und warum, und Sie sehen es bei Ihrer eigenen Antwort.',
  log: 'Protokoll',
  logText:
    'Das Protokoll des Servers nennt keine Adresse, keine Teilnehmenden und keine Antwort. Ein Proxy oder Anbieter davor kann ein eigenes führen.',
  kept: 'Wie lange, und wie es gezeigt wird',
  rights: 'Sehen, mitnehmen, löschen',
  rightsText:
    'Mit dem Cookie können Sie Ihre Antworten sehen, herunterladen und löschen, auch wenn der Haushalt geschlossen ist. Mit einem Code können Sie die Antwort löschen, die Sie damit gegeben haben, aber nicht sehen oder herunterladen. Eine Antwort ohne Cookie oder Code gehört niemandem: Auch der Betreiber kann sie nicht für Sie finden.',
  rightsLink: 'Zu meinen Antworten',
  backups:
    'Sicherungskopien, die der Betreiber von der Datenbank gemacht hat, enthalten Gelöschtes, bis sie ersetzt werden.',
  operator: 'Wer diesen Server betreibt',
  operatorUnknown: 'Der Betreiber hat hier keinen Namen angegeben.',
  contact: (contact) => `Kontakt: ${contact}`,
}
