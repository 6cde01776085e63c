import type { Format } from '../format'
import type { Texts } from '../languages'
import * as words from '../../../../locales/de.json'

export const texts = (f: Format): Texts => ({
  site: {
    name: words.name,
    skip: 'Zum Inhalt springen',
    navigation: 'Seiten',
    participate: 'Mitmachen',
    aggregate: 'Durchschnitt',
    history: 'Verlauf',
    privacy: words.privacy,
    footer: 'Über diese Seite',
    language: 'Sprache',
    languageFailed: (name) =>
      `${name} ließ sich nicht laden. Versuchen Sie es noch einmal, oder laden Sie die Seite neu.`,
    loading: 'Wird geladen …',
    retry: 'Noch einmal versuchen',
  },

  connection: {
    connecting: 'Verbindet',
    live: 'Live',
    polling: 'Aktualisiert',
    reconnecting: 'Verbindet neu',
    offline: 'Offline',
  },

  form: {
    heading: 'Ihre Verteilung',
    intro:
      'Geben Sie jedem Bereich seinen Anteil, bis nichts mehr übrig ist. Kein Bereich verschiebt einen anderen: Was Sie dem einen geben, geht von dem ab, was noch übrig ist.',
    welcomeBack: 'Willkommen zurück',
    remembered:
      'Unten steht Ihre letzte Antwort. Ändern Sie, was Sie möchten, und senden Sie sie erneut ab: Dann zählt die neue.',
    startFrom: 'Beginnen mit:',
    starts: {
      zero: 'nichts',
      equal: 'gleichen Teilen',
      actual: 'dem echten Haushalt',
      latest: 'meiner letzten Antwort',
      ofThisTab: 'meiner Antwort aus diesem Tab',
    },
    less: (label) => `${label}: ${f.percent(100)} weniger`,
    more: (label) => `${label}: ${f.percent(100)} mehr`,
    slider: (label) => `${label}, Schieberegler`,
    sliderValue: (share, money, left) => {
      const amount = money === undefined ? f.percent(share) : `${f.percent(share)}, ${money}`
      if (left === 0) return `${amount}. Alle ${f.percent(10_000)} vergeben.`
      return left > 0
        ? `${amount}. Noch zu vergeben: ${f.percent(left)}`
        : `${amount}. ${f.percent(-left)} zu viel`
    },
    lock: (label) => `${label} festhalten`,
    left: 'Noch zu vergeben',
    tooMuch: 'Zu viel vergeben',
    leftSentence: (left) => {
      if (left === 0) return `Alle ${f.percent(10_000)} vergeben.`
      return left > 0 ? `Noch zu vergeben: ${f.percent(left)}` : `${f.percent(-left)} zu viel`
    },
    rebalance: `Auf ${f.percent(10_000)} bringen`,
    restTo: (label) => `Rest an ${label}`,
    excessOff: (label) => `Von ${label} abziehen`,
    spread: 'Rest gleichmäßig verteilen',
    takeOff: 'Gleichmäßig abziehen',
    inProportion: 'Anteilig verteilen',
    scale: `Alles auf ${f.percent(10_000)} stauchen`,
    obstacles: {
      'all-locked': `Alle Bereiche sind festgehalten. Lösen Sie einen, um auf ${f.percent(10_000)} zu kommen.`,
      'locked-over': `Schon die festgehaltenen Bereiche liegen über ${f.percent(10_000)}. Lösen oder senken Sie einen.`,
    },
    undo: 'Rückgängig',
    submit: 'Absenden',
    revise: 'Änderung absenden',
    sending: 'Wird gesendet …',
    working: 'Einen Moment: Aus Ihrem Netz antworten viele, deshalb rechnet Ihr Gerät zuerst kurz.',
    invalidHeading: 'Noch nicht gesendet',
    unreadable: (label) =>
      `${label}: Geben Sie eine Zahl von 0 bis 100 mit höchstens zwei Nachkommastellen ein.`,
    share: {
      'not-a-number': 'Das ist keine Zahl. Schreiben Sie zum Beispiel 12,5 oder 12.5.',
      negative: 'Ein Anteil kann nicht unter 0 liegen.',
      'too-many-decimals': 'Höchstens zwei Nachkommastellen.',
      'over-100': 'Ein Anteil kann nicht über 100 liegen.',
    },
    mustBeWhole: (left) =>
      left > 0
        ? `Zusammen müssen es ${f.percent(10_000)} sein. Es sind noch ${f.percent(left)} zu vergeben.`
        : `Zusammen müssen es ${f.percent(10_000)} sein. Sie haben ${f.percent(-left)} zu viel vergeben.`,
    counted: 'Gezählt.',
    countedRemembered: (until) =>
      until === null
        ? 'Sie können sie von diesem Browser aus ändern, solange die Befragung läuft.'
        : `Sie können sie von diesem Browser aus bis ${until} ändern.`,
    countedAnonymous: 'Sie wurde ohne Cookie gezählt und lässt sich später nicht ändern.',
    countedNoCookie:
      'Dieser Browser hat kein Cookie behalten, daher lässt sie sich später nicht ändern. Eine weitere Antwort von hier würde als die eines anderen Menschen zählen.',
    countedByCode: (until) =>
      until === null
        ? 'Sie können sie mit Ihrem Code von jedem Gerät aus ändern, solange die Befragung läuft.'
        : `Sie können sie mit Ihrem Code von jedem Gerät aus bis ${until} ändern.`,
    countedUnchecked:
      'Ob dieser Browser das Cookie behalten hat, ließ sich nicht prüfen. Laden Sie die Seite neu: Falls ja, steht Ihre Antwort zum Ändern bereit.',
    change: 'Meine Antwort ändern',
    another: 'Antwort eines anderen Menschen',
    answered: 'Sie haben schon geantwortet',
    answeredText:
      'Ihre Antwort wurde aus diesem Tab ohne Cookie abgesendet: Sie zählt und lässt sich nicht ändern. Wer als Nächstes von hier antwortet, zählt als anderer Mensch.',
    replaced: 'Sie ersetzt Ihre frühere Antwort.',
    shownWithGroup: (every) =>
      `Sie wird mit der nächsten Gruppe von ${f.count(every)} Antworten gezeigt, damit niemand sie von den anderen unterscheiden kann.`,
    changeShown: (every) =>
      `Wenn Ihre frühere Antwort schon in den Durchschnitten ist, ändern diese sich erst, wenn mindestens ${f.count(every)} solche Antworten geändert oder gelöscht wurden. Sonst wird die neue mit der nächsten Gruppe von ${f.count(every)} Antworten gezeigt.`,
    resultLink: 'Ihr Ergebnis, mit einem Link zum Teilen',
  },

  code: {
    heading: 'Geben Sie Ihren Code ein',
    who: 'Mitmachen können alle, die einen Code bekommen haben. Jeder Code zählt einmal; mit ihm können Sie Ihre Antwort von jedem Gerät aus ändern.',
    label: 'Ihr Code',
    help: '15 Buchstaben und Ziffern, wie Sie sie bekommen haben. Groß- und Kleinschreibung, Bindestriche und Leerzeichen sind egal.',
    enter: 'Weiter',
    checking: 'Wird geprüft …',
    accepted: 'Ihr Code ist angenommen',
    another: 'Anderen Code verwenden',
    hasAnswered:
      'Mit diesem Code wurde schon geantwortet. Die Antwort wird hier nicht gezeigt, denn ein Code allein soll nicht reichen, um eine Antwort zu lesen. Wenn Sie noch einmal absenden, zählt stattdessen die neue Antwort.',
    ofThisTab:
      'Unten steht die Antwort, die Sie in diesem Tab gegeben haben. Wenn Sie sie seitdem anderswo geändert haben, zählt die spätere. Wenn Sie noch einmal absenden, zählt stattdessen die neue.',
    empty: 'Geben Sie Ihren Code ein.',
    notFound: 'Dieser Code wurde nicht gefunden',
    noCode:
      'Das ist kein Code. Vergleichen Sie jeden Buchstaben und jede Ziffer mit dem, was Sie bekommen haben.',
    unknown:
      'Diesen Code gibt es für diesen Haushalt nicht. Vergleichen Sie ihn mit dem, was Sie bekommen haben, oder fragen Sie beim Absender nach.',
    tooMany: 'Aus diesem Netz kamen zu viele falsche Codes.',
  },

  consent: {
    question: 'Darf dieser Browser sich an Sie erinnern?',
    yes: 'Auf diesem Gerät merken',
    no: 'Kein Cookie',
    effects: {
      yes: 'Mit einem Cookie sehen Sie Ihre Antworten wieder und können diese ändern.',
      no: 'Ihre Stimme zählt genauso; ändern lässt sie sich später nicht.',
    },
    unchosen: 'Wenn Sie nichts wählen, wird kein Cookie gesetzt.',
  },

  share: {
    copy: 'Link kopieren',
    copied: 'Kopiert',
    share: 'Teilen …',
  },

  receipt: {
    heading: 'Ihr Steuerbeleg',
    private: 'Was Sie hier eingeben, verlässt diese Seite nicht und wird nicht aufbewahrt.',
    income: (currency) => `Ihr Jahreseinkommen in ${currency}`,
    taxes: (currency) => `Die Steuern, die Sie im Jahr zahlen, in ${currency}`,
    wrong: 'Geben Sie einen ganzen Betrag ein, zum Beispiel 45000.',
    paid: (tax, income) => `${tax} Steuern im Jahr auf ${income}`,
    paidInAll: (tax) => `${tax} Steuern im Jahr`,
    line: 'Bereich',
    mine: 'Nach Ihrer Antwort',
    real: 'Echter Haushalt',
    difference: 'Unterschied',
    same: 'gleich',
    more: (amount) => `${amount} mehr`,
    less: (amount) => `${amount} weniger`,
    total: 'Zusammen',
    print: 'Drucken',
  },

  results: {
    heading: 'Alle, live',
    averages: 'Durchschnitt, live',
    averagesAtEnd: 'Durchschnitt',
    mine: 'Meine',
    submission: 'Diese',
    everyone: 'Alle',
    real: 'Haushalt',
    line: 'Bereich',
    none: 'Noch hat niemand teilgenommen.',
    noneShown: (every, missing) =>
      `Durchschnitte werden ab ${f.count(every)} Antworten gezeigt, damit niemand eine einzelne herauslesen kann. ${f.plural(missing, { one: 'Es fehlt', other: 'Es fehlen' })} noch ${f.count(missing)}.`,
    partShown: (shown, missing) =>
      `Die Durchschnitte enthalten ${f.count(shown)} ${f.plural(shown, { one: 'Antwort', other: 'Antworten' })}. Die nächste Gruppe wird nach höchstens ${f.count(missing)} weiteren neuen ${f.plural(missing, { one: 'Antwort', other: 'Antworten' })} gezeigt.`,
    removedShown: 'Die Durchschnitte enthalten noch Antworten, die gelöscht oder ausgeschlossen wurden.',
    restHeldBack: (heldBack) =>
      `Mindestens ${f.count(heldBack)} ${f.plural(heldBack, { one: 'Antwort ist', other: 'Antworten sind' })} gezählt, aber nicht in den Durchschnitten: So wenige ließen sich herauslesen.`,
    counts: (people, submissions) =>
      `${f.count(people)} ${f.plural(people, { one: 'Person', other: 'Personen' })}, ${f.count(submissions)} ${f.plural(submissions, { one: 'Antwort', other: 'Antworten' })}`,
    asOf: (time) => `Stand ${time}`,
    stateAsOf: (state, time) => `${state}, Stand ${time}`,
    pause: 'Anhalten',
    paused: (time, missed) =>
      missed === 0
        ? `Angehalten um ${time}`
        : `Angehalten um ${time}, ${f.count(missed)} ${f.plural(missed, { one: 'neuerer Stand', other: 'neuere Stände' })}`,
    polling: 'Live-Verbindungen sind hier gesperrt: Die Zahlen werden alle 5 Sekunden abgefragt.',
    stale: 'Die Zahlen sind vielleicht veraltet: Die Datenbank ist im Augenblick nicht erreichbar.',
    scale: (end) => `Skalen: 0 bis ${f.percent(end)}`,
    selfSelected: 'Wer teilnimmt, entscheidet selbst: Dies ist keine repräsentative Umfrage.',
    waiting: 'Warten auf die ersten Zahlen …',
    view: 'Zeigen als',
    chart: 'Diagramm',
    table: 'Tabelle',
    sortBy: 'Sortieren nach',
    orders: {
      budget: 'Reihenfolge des Haushalts',
      size: 'Größe',
      gap: 'Abstand zum Haushalt',
    },
    gaps: (subject, answer, people) => {
      const points = (gap: number) =>
        `${f.points(Math.abs(gap))} ${f.pluralPoints(Math.abs(gap), { one: 'Punkt', other: 'Punkte' })} ${gap > 0 ? 'mehr' : 'weniger'}`
      const gives = subject === 'mine' ? 'Sie geben' : 'Diese Antwort gibt'
      if (answer !== undefined && people !== undefined && answer === -people)
        return answer === 0
          ? `${gives} so viel wie alle und wie der Haushalt.`
          : `${gives} ${points(answer)} als alle, wie auch der Haushalt.`
      const own =
        answer === undefined
          ? ''
          : answer === 0
            ? `${gives} so viel wie alle.`
            : `${gives} ${points(answer)} als alle.`
      const all =
        people === undefined
          ? ''
          : people === 0
            ? 'Alle geben so viel wie der Haushalt.'
            : `Alle geben ${points(people)} als der Haushalt.`
      return `${own} ${all}`.trim()
    },
    mineMinusEveryone: 'Antwort gegen alle, Punkte',
    everyoneMinusReal: 'Alle gegen Haushalt, Punkte',
  },

  tiles: {
    lastChange: 'Letzte Änderung',
    version: (version) =>
      `${f.count(version)} ${f.plural(version, { one: 'Veröffentlichung', other: 'Veröffentlichungen' })}`,
    widestGap: 'Größter Abstand zum Haushalt',
    gap: (gap) =>
      `${f.points(Math.abs(gap))} ${f.pluralPoints(Math.abs(gap), { one: 'Punkt', other: 'Punkte' })} ${gap > 0 ? 'mehr' : 'weniger'} als der Haushalt`,
    mostAgreed: 'Am einigsten',
    mostSplit: 'Am uneinigsten',
    middleHalf: (from, to) =>
      from === to
        ? `Mindestens die Hälfte aller gibt genau ${f.percent(from)}.`
        : `Die Hälfte aller gibt zwischen ${f.percent(from)} und ${f.percent(to)}.`,
  },

  distribution: {
    none: 'Noch wird nichts gezeigt.',
    median: (share) => `Die Hälfte gibt ${f.percent(share)} oder weniger.`,
    middle: (from, to) => `Die mittlere Hälfte liegt zwischen ${f.percent(from)} und ${f.percent(to)}.`,
    spread: (points) => `Die Antworten liegen etwa ${f.points(points)} Punkte vom Durchschnitt entfernt.`,
    nothing: (count, share) =>
      count === 0
        ? 'Niemand gibt nichts.'
        : `${f.count(count)} (${f.percent(share)}) ${f.plural(count, { one: 'gibt', other: 'geben' })} nichts.`,
    histogram: 'Wie viele wie viel geben',
    bin: (from, to, count) => `${f.percent(from)} bis ${f.percent(to)}: ${f.count(count)}`,
  },

  download: {
    heading: 'Zum Mitnehmen:',
    csv: 'CSV',
    json: 'JSON',
    svg: 'Diagramm (SVG)',
    png: 'Diagramm (PNG)',
    failed: 'Das ließ sich nicht laden. Versuchen Sie es gleich noch einmal, oder laden Sie die Seite neu.',
  },

  howItWorks: {
    heading: 'So funktioniert es',
    shown: (every) =>
      every === 1
        ? 'Jede Antwort geht sofort in die Durchschnitte ein.'
        : `Antworten gehen in Gruppen von mindestens ${f.count(every)} in die Durchschnitte ein, damit niemand aus dem Unterschied zweier Ergebnisse eine einzelne Antwort herauslesen kann. Die Zahl der Teilnehmenden ist immer aktuell. Eine Antwort, die in den Durchschnitten ist und dann geändert oder gelöscht wird, verlässt sie erst, wenn mindestens ${f.count(every)} solche Antworten sie gemeinsam verlassen${every > 3 ? `, nach dem Ende mindestens ${f.count(3)}` : ''}. Bis dahin bleibt sie darin.`,
    who: {
      OPEN: 'Alle dürfen teilnehmen.',
      CODE: 'Teilnehmen darf, wer einen Code bekommen hat; jeder Code ist eine Stimme.',
    },
    often: (allowance) =>
      allowance === null
        ? 'Sie dürfen so oft antworten, wie Sie möchten; nur Ihre letzte Antwort zählt.'
        : `Sie dürfen in ${f.duration(allowance.seconds)} bis zu ${f.count(allowance.count)}-mal antworten; nur Ihre letzte Antwort zählt.`,
    kept: (days, hasClosing) =>
      days === null
        ? 'Alle Antworten werden aufbewahrt, auch ersetzte. Ihre eigenen können Sie mit dem Cookie oder dem Code löschen, mit dem Sie geantwortet haben.'
        : `${f.count(days)} ${f.plural(days, { one: 'Tag', other: 'Tage' })} nach dem Ende des Haushalts werden alle Antworten gelöscht.${hasClosing ? '' : ' Ein Ende ist noch nicht festgelegt.'} Die Ergebnisse bleiben.`,
    withoutCookie:
      'Ohne Cookie zählt jede Antwort für sich, und niemand kann sie wiederfinden, um sie zu ändern oder zu löschen.',
    more: 'Was gespeichert wird, und Ihre Rechte',
  },

  budget: {
    amount: (amount) => `${amount} insgesamt`,
    about: 'Über diese Zahlen',
    notOpenYet: (opens) =>
      opens === null ? 'Diese Befragung hat noch nicht begonnen.' : `Diese Befragung beginnt am ${opens}.`,
    open: (closes) =>
      closes === null ? 'Sie können jetzt teilnehmen.' : `Sie können bis ${closes} teilnehmen.`,
    closed: (closed) =>
      closed === null ? 'Diese Befragung ist beendet.' : `Diese Befragung endete am ${closed}.`,
    paused: 'Diese Befragung ruht. Bitte kommen Sie später wieder; alle bisherigen Antworten sind sicher.',
    unknown: (slug) => `Es gibt keinen Haushalt namens „${slug}“.`,
    noneOpen: 'Zurzeit läuft keine Befragung.',
    others: 'Es gibt diese:',
  },

  budgets: {
    heading: 'Welche Befragung möchten Sie sehen?',
    participants: (people) => `${f.count(people)} ${f.plural(people, { one: 'Person', other: 'Personen' })}`,
  },

  visibility: {
    heading: 'Der Durchschnitt wird noch nicht gezeigt',
    afterTakingPart: 'Sie sehen ihn, sobald Sie teilgenommen haben, damit er Ihre Antwort nicht beeinflusst.',
    afterClosing: (closes) =>
      closes === null
        ? 'Alle sehen ihn, wenn die Befragung beendet ist.'
        : `Alle sehen ihn, wenn die Befragung beendet ist, am ${closes}.`,
    remember:
      'Wählen Sie beim Absenden „Auf diesem Gerät merken“: Ohne das zeigt später nichts, dass Sie teilgenommen haben.',
  },

  exclusions: {
    heading: 'Ausgeschlossene Antworten',
    excluded: (count, reason) =>
      `${f.count(count)} ${f.plural(count, { one: 'Antwort wurde', other: 'Antworten wurden' })} ausgeschlossen: ${reason}`,
    own: (reason) => `Die Veranstalter haben sie vom Durchschnitt ausgeschlossen: ${reason}`,
  },

  preview: {
    heading: 'Vorschau: Nichts wird gezählt',
    text: 'So sehen Teilnehmende das Formular. Was Sie hier vergeben, wird weder gesendet noch aufbewahrt.',
    checked: 'Die Antwort ist vollständig. Im echten Formular würde sie jetzt abgesendet.',
  },

  projector: {
    open: 'Auf großer Leinwand zeigen',
    takePart: 'Scannen und teilnehmen',
    seeResults: 'Scannen und Ergebnisse sehen',
    qrCode: (address) => `QR-Code von ${address}`,
    real: words.real,
  },

  embedded: {
    newTab: '(öffnet einen neuen Tab)',
  },

  result: {
    heading: 'Eine Antwort',
    about: (budgetTitle) => `Eine Antwort auf „${budgetTitle}“`,
    submitted: (when) => `Abgesendet am ${when}.`,
    counts: 'Sie zählt im Durchschnitt.',
    replaced: 'Sie wurde durch eine spätere ersetzt und zählt nicht mehr.',
    unknownHeading: 'Diese Antwort gibt es nicht',
    unknown:
      'Unter dieser Adresse ist nichts gespeichert. Prüfen Sie, ob der Link vollständig ist; jedes Zeichen zählt.',
    takePart: 'Sagen Sie, wie Sie es ausgeben würden',
  },

  history: {
    heading: words.history,
    intro: 'Jede Antwort wird aufbewahrt; je Haushalt zählt nur Ihre letzte.',
    none: 'Hier ist noch nichts. Antworten stehen hier, wenn Sie beim Absenden „Auf diesem Gerät merken“ wählen. Antworten mit einem Code stehen hier nicht.',
    takePart: 'Sagen Sie, wie Sie es ausgeben würden',
    counts: 'Zählt',
    replaced: 'Ersetzt',
    revise: 'Ändern',
    open: 'Ergebnis',
    older: 'Ältere zeigen',
  },

  myData: {
    heading: 'Ihre Daten',
    text: 'Sie können alles herunterladen, was dieser Server unter dem Cookie dieses Browsers gespeichert hat, oder es löschen.',
    download: 'Meine Daten herunterladen (JSON)',
    erase: 'Alle meine Antworten löschen',
    sure: 'Alle Ihre Antworten löschen?',
    consequences:
      'Ihre Antworten werden jetzt gelöscht, zu allen Haushalten, und das Cookie auch. Das lässt sich nicht rückgängig machen.',
    averages:
      'In den veröffentlichten Durchschnitten kann eine gelöschte Antwort länger bleiben: Sie verlässt sie erst gemeinsam mit anderen, die geändert oder gelöscht wurden.',
    yes: 'Jetzt löschen',
    no: 'Behalten',
    erasing: 'Wird gelöscht…',
    erased: 'Ihre Antworten sind gelöscht',
    erasedText: (count) =>
      `${f.count(count)} ${f.plural(count, { one: 'Antwort wurde', other: 'Antworten wurden' })} gelöscht.`,
    nothingErased: 'Es gab nichts zu löschen',
    code: 'Die Antwort zu einem Code löschen',
    codeText:
      'Wenn Sie mit einem Code geantwortet haben, löschen Sie die Antwort damit. Mit einem Code allein lässt sich keine Antwort ansehen oder herunterladen. Der Code gilt wieder, solange der Haushalt offen ist.',
    codeBudget: 'Haushalt',
    codeField: 'Code',
    eraseCode: 'Antwort löschen',
  },

  unknownPage: {
    heading: 'Diese Seite gibt es nicht',
    text: 'Vielleicht ist die Adresse falsch geschrieben oder der Link unvollständig.',
  },

  brokenPage: {
    heading: 'Diese Seite ließ sich nicht zeigen',
    part: 'Dieser Teil ließ sich nicht zeigen',
    text: 'Ein Teil konnte nicht geladen werden oder ist fehlerhaft. Was Sie abgesendet haben, ist sicher.',
    reload: words.reload,
  },

  problem: {
    rateLimited: 'Zu viele Antworten',
    tryLater: 'Bitte versuchen Sie es später noch einmal.',
    tryAt: (wait, at) => `Sie können es in ${wait} noch einmal versuchen, um ${at}.`,
    notOpen: 'Zurzeit werden keine Antworten angenommen',
    notOpenText: 'Die Befragung hat noch nicht begonnen, ruht oder ist beendet.',
    busy: 'Der Server ist überlastet',
    busyText: 'Es wurde nichts gespeichert. Bitte versuchen Sie es gleich noch einmal.',
    unavailable: 'Der Server kann gerade nichts speichern',
    unavailableText:
      'Bitte versuchen Sie es gleich noch einmal. Das ist sicher: Dieselbe Antwort kann nicht doppelt zählen.',
    noAnswer: 'Keine Antwort vom Server',
    noAnswerText:
      'Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal. Das ist sicher: Dieselbe Antwort kann nicht doppelt zählen.',
    notAccepted: 'Der Server hat das nicht angenommen',
    other: 'Das hat nicht geklappt',
  },
})
