import type { Format } from '../format'
import type { Texts } from '../languages'
import * as words from '../../../../locales/fr.json'

export const texts = (f: Format): Texts => ({
  site: {
    name: words.name,
    skip: 'Aller au contenu',
    navigation: 'Pages',
    participate: 'Participer',
    aggregate: 'Moyennes',
    history: 'Historique',
    privacy: words.privacy,
    footer: 'À propos de ce site',
    language: 'Langue',
    languageFailed: (name) => `Chargement impossible\u202f: ${name}. Réessayez ou rechargez la page.`,
    loading: 'Chargement…',
    retry: 'Réessayer',
  },

  connection: {
    connecting: 'Connexion',
    live: 'En direct',
    polling: 'Actualisation',
    reconnecting: 'Reconnexion',
    offline: 'Hors ligne',
  },

  form: {
    heading: 'Votre répartition',
    intro:
      'Donnez à chaque poste sa part jusqu’à ce qu’il ne reste rien. Aucun poste n’en déplace un autre\u202f: ce que vous donnez à l’un est pris sur ce qui reste.',
    welcomeBack: 'Bon retour parmi nous',
    remembered:
      'Voici votre dernière réponse. Changez ce que vous voulez et envoyez-la de nouveau\u202f: c’est alors la nouvelle qui compte.',
    startFrom: 'Partir de\u202f:',
    starts: {
      zero: 'zéro',
      equal: 'parts égales',
      actual: 'budget réel',
      latest: 'ma dernière réponse',
      ofThisTab: 'ma réponse de cet onglet',
    },
    less: (label) => `${label}\u202f: ${f.percent(100)} de moins`,
    more: (label) => `${label}\u202f: ${f.percent(100)} de plus`,
    slider: (label) => `${label}, curseur`,
    sliderValue: (share, money, left) => {
      const amount = money === undefined ? f.percent(share) : `${f.percent(share)}, ${money}`
      if (left === 0) return `${amount}. Les ${f.percent(10_000)} sont répartis.`
      return left > 0
        ? `${amount}. Reste à donner\u202f: ${f.percent(left)}`
        : `${amount}. ${f.percent(-left)} de trop`
    },
    lock: (label) => `Verrouiller ${label}`,
    left: 'Reste à donner',
    tooMuch: 'Donné en trop',
    leftSentence: (left) => {
      if (left === 0) return `Les ${f.percent(10_000)} sont répartis.`
      return left > 0 ? `Reste à donner\u202f: ${f.percent(left)}` : `${f.percent(-left)} de trop`
    },
    rebalance: `Amener les postes à ${f.percent(10_000)}`,
    restTo: (label) => `Le reste à ${label}`,
    excessOff: (label) => `Le prendre sur ${label}`,
    spread: 'Répartir à parts égales',
    takeOff: 'Retirer à parts égales',
    inProportion: 'Répartir au prorata',
    scale: `Tout ramener à ${f.percent(10_000)}`,
    obstacles: {
      'all-locked': `Tous les postes sont verrouillés. Déverrouillez-en un pour arriver à ${f.percent(10_000)}.`,
      'locked-over': `À eux seuls, les postes verrouillés dépassent ${f.percent(10_000)}. Déverrouillez-en un ou baissez-le.`,
    },
    undo: 'Annuler',
    submit: 'Envoyer',
    revise: 'Envoyer la modification',
    sending: 'Envoi…',
    working:
      'Un instant\u202f: beaucoup de personnes répondent depuis votre réseau, votre appareil fait donc d’abord un court calcul.',
    invalidHeading: 'Pas encore envoyé',
    unreadable: (label) => `${label}\u202f: saisissez un nombre de 0 à 100, avec deux décimales au plus.`,
    share: {
      'not-a-number': 'Ce n’est pas un nombre. Écrivez par exemple 12,5 ou 12.5.',
      negative: 'Une part ne peut pas être inférieure à 0.',
      'too-many-decimals': 'Deux décimales au plus.',
      'over-100': 'Une part ne peut pas dépasser 100.',
    },
    mustBeWhole: (left) =>
      left > 0
        ? `Le total doit faire ${f.percent(10_000)}. Il reste ${f.percent(left)} à donner.`
        : `Le total doit faire ${f.percent(10_000)}. Vous avez donné ${f.percent(-left)} de trop.`,
    counted: 'Comptée.',
    countedRemembered: (until) =>
      until === null
        ? 'Vous pouvez la modifier depuis ce navigateur tant que la consultation est ouverte.'
        : `Vous pouvez la modifier depuis ce navigateur jusqu’au ${until}.`,
    countedAnonymous: 'Elle a été comptée sans cookie\u202f: elle ne pourra pas être modifiée.',
    countedNoCookie:
      'Ce navigateur n’a gardé aucun cookie\u202f: elle ne pourra pas être modifiée. Une autre réponse envoyée d’ici compterait comme celle d’une autre personne.',
    countedByCode: (until) =>
      until === null
        ? 'Vous pouvez la modifier avec votre code depuis n’importe quel appareil tant que la consultation est ouverte.'
        : `Vous pouvez la modifier avec votre code depuis n’importe quel appareil jusqu’au ${until}.`,
    countedUnchecked:
      'Impossible de vérifier si ce navigateur a gardé le cookie. Rechargez la page\u202f: s’il l’a gardé, votre réponse y est, prête à être modifiée.',
    change: 'Modifier ma réponse',
    another: 'Réponse d’une autre personne',
    answered: 'Vous avez déjà répondu',
    answeredText:
      'Votre réponse a été envoyée depuis cet onglet, sans cookie\u202f: elle compte et ne peut pas être modifiée. La prochaine réponse envoyée d’ici comptera comme celle d’une autre personne.',
    replaced: 'Elle remplace votre réponse précédente.',
    shownWithGroup: (every) =>
      `Elle sera affichée avec le prochain groupe de ${f.count(every)} réponses, pour que personne ne puisse la distinguer des autres.`,
    changeShown: (every) =>
      `Si les moyennes contiennent déjà votre réponse précédente, elles ne changent que lorsqu’au moins ${f.count(every)} réponses comme celle-là ont été modifiées ou effacées. Sinon, la nouvelle sera affichée avec le prochain groupe de ${f.count(every)} réponses.`,
    resultLink: 'Votre résultat, avec un lien à partager',
  },

  code: {
    heading: 'Saisissez votre code',
    who: 'Toutes les personnes qui ont reçu un code peuvent participer. Chaque code compte une fois ; avec lui, vous pouvez modifier votre réponse depuis n’importe quel appareil.',
    label: 'Votre code',
    help: '15 lettres et chiffres, tels que vous les avez reçus. Les majuscules, les tirets et les espaces sont sans importance.',
    enter: 'Continuer',
    checking: 'Vérification…',
    accepted: 'Votre code est accepté',
    another: 'Utiliser un autre code',
    hasAnswered:
      'Une réponse a déjà été donnée avec ce code. Elle n’est pas affichée ici, car un code ne doit pas suffire à lire une réponse. Si vous envoyez de nouveau, c’est la nouvelle réponse qui compte.',
    ofThisTab:
      'Voici la réponse que vous avez donnée dans cet onglet. Si vous l’avez modifiée ailleurs depuis, c’est la plus récente qui compte. Si vous envoyez de nouveau, c’est la nouvelle réponse qui compte.',
    empty: 'Saisissez votre code.',
    notFound: 'Ce code est introuvable',
    noCode: 'Ce n’est pas un code. Comparez chaque lettre et chaque chiffre avec ce que vous avez reçu.',
    unknown:
      'Ce code n’existe pas pour ce budget. Comparez-le avec ce que vous avez reçu, ou demandez à l’expéditeur.',
    tooMany: 'Trop de codes erronés sont venus de ce réseau.',
  },

  consent: {
    question: 'Ce navigateur peut-il se souvenir de vous\u202f?',
    yes: 'Se souvenir de moi sur cet appareil',
    no: 'Pas de cookie',
    effects: {
      yes: 'Un cookie vous permet de revoir vos réponses et de modifier celle-ci.',
      no: 'Votre voix compte tout autant\u202f; elle ne pourra pas être modifiée.',
    },
    unchosen: 'Si vous ne choisissez rien, aucun cookie n’est déposé.',
  },

  share: {
    copy: 'Copier le lien',
    copied: 'Copié',
    share: 'Partager…',
  },

  receipt: {
    heading: 'Le détail de vos impôts',
    private: 'Ce que vous saisissez ici ne quitte pas cette page et n’est pas conservé.',
    income: (currency) => `Votre revenu annuel en ${currency}`,
    taxes: (currency) => `Les impôts que vous payez par an, en ${currency}`,
    wrong: 'Saisissez un montant entier, par exemple 45000.',
    paid: (tax, income) => `${tax} d’impôts par an sur ${income}`,
    paidInAll: (tax) => `${tax} d’impôts par an`,
    line: 'Poste',
    mine: 'Selon votre réponse',
    real: 'Budget réel',
    difference: 'Écart',
    same: 'identique',
    more: (amount) => `${amount} de plus`,
    less: (amount) => `${amount} de moins`,
    total: 'Au total',
    print: 'Imprimer',
  },

  results: {
    heading: 'Tout le monde, en direct',
    averages: 'Moyennes, en direct',
    averagesAtEnd: 'Moyennes',
    mine: 'Moi',
    submission: 'Celle-ci',
    everyone: 'Tous',
    real: 'Budget',
    line: 'Poste',
    none: 'Personne n’a encore participé.',
    noneShown: (every, missing) =>
      `Les moyennes s’affichent à partir de ${f.count(every)} réponses, pour que personne ne puisse en déduire une seule. Il en manque ${f.count(missing)}.`,
    partShown: (shown, missing) =>
      `Les moyennes contiennent ${f.count(shown)} ${f.plural(shown, { one: 'réponse', many: 'de réponses', other: 'réponses' })}. Le prochain groupe s’affichera après ${f.count(missing)} ${f.plural(missing, { one: 'nouvelle réponse', many: 'de nouvelles réponses', other: 'nouvelles réponses' })} au plus.`,
    removedShown: 'Les moyennes contiennent encore des réponses qui ont été effacées ou exclues.',
    restHeldBack: (heldBack) =>
      `Au moins ${f.count(heldBack)} ${f.plural(heldBack, { one: 'réponse est comptée mais n’entre', many: 'de réponses sont comptées mais n’entrent', other: 'réponses sont comptées mais n’entrent' })} pas dans les moyennes\u202f: si peu de réponses pourraient en être déduites.`,
    counts: (people, submissions) =>
      `${f.count(people)} ${f.plural(people, { one: 'participant', many: 'de participants', other: 'participants' })}, ${f.count(submissions)} ${f.plural(submissions, { one: 'réponse', many: 'de réponses', other: 'réponses' })}`,
    asOf: (time) => `à ${time}`,
    stateAsOf: (state, time) => `${state}, à ${time}`,
    pause: 'Pause',
    paused: (time, missed) =>
      missed === 0
        ? `En pause depuis ${time}`
        : `En pause depuis ${time}, ${f.count(missed)} ${f.plural(missed, { one: 'mise à jour plus récente', many: 'de mises à jour plus récentes', other: 'mises à jour plus récentes' })}`,
    polling:
      'Les connexions en direct sont bloquées ici\u202f: les chiffres sont demandés toutes les 5 secondes.',
    stale: 'Les chiffres sont peut-être anciens\u202f: la base de données est injoignable pour le moment.',
    scale: (end) => `Échelles\u202f: de 0 à ${f.percent(end)}`,
    selfSelected: 'Participe qui veut\u202f: ce n’est pas un sondage.',
    waiting: 'En attente des premiers chiffres…',
    view: 'Afficher en',
    chart: 'Graphique',
    table: 'Tableau',
    sortBy: 'Trier par',
    orders: {
      budget: 'ordre du budget',
      size: 'taille',
      gap: 'écart au budget',
    },
    gaps: (subject, answer, people) => {
      const points = (gap: number) =>
        `${f.points(Math.abs(gap))} ${f.pluralPoints(Math.abs(gap), { one: 'point', other: 'points' })} de ${gap > 0 ? 'plus' : 'moins'}`
      const gives = subject === 'mine' ? 'Vous donnez' : 'Cette réponse donne'
      if (answer !== undefined && people !== undefined && answer === -people)
        return answer === 0
          ? `${gives} autant que la moyenne et que le budget.`
          : `${gives} ${points(answer)} que la moyenne, comme le budget.`
      const own =
        answer === undefined
          ? ''
          : answer === 0
            ? `${gives} autant que la moyenne.`
            : `${gives} ${points(answer)} que la moyenne.`
      const all =
        people === undefined
          ? ''
          : people === 0
            ? 'En moyenne, tous donnent autant que le budget.'
            : `En moyenne, tous donnent ${points(people)} que le budget.`
      return `${own} ${all}`.trim()
    },
    mineMinusEveryone: 'Réponse par rapport à tous, points',
    everyoneMinusReal: 'Tous par rapport au budget, points',
  },

  tiles: {
    lastChange: 'Dernier changement',
    version: (version) =>
      `${f.count(version)} ${f.plural(version, { one: 'publication', many: 'de publications', other: 'publications' })}`,
    widestGap: 'Plus grand écart au budget',
    gap: (gap) =>
      `${f.points(Math.abs(gap))} ${f.pluralPoints(Math.abs(gap), { one: 'point', other: 'points' })} de ${gap > 0 ? 'plus' : 'moins'} que le budget`,
    mostAgreed: 'Le plus consensuel',
    mostSplit: 'Le plus clivant',
    middleHalf: (from, to) =>
      from === to
        ? `La moitié des personnes ou plus donne exactement ${f.percent(from)}.`
        : `La moitié des personnes donne entre ${f.percent(from)} et ${f.percent(to)}.`,
  },

  distribution: {
    none: 'Rien n’est encore affiché.',
    median: (share) => `La moitié donne ${f.percent(share)} ou moins.`,
    middle: (from, to) => `La moitié centrale se situe entre ${f.percent(from)} et ${f.percent(to)}.`,
    spread: (points) =>
      `Les réponses s’écartent d’environ ${f.points(points)} ${f.pluralPoints(points, { one: 'point', other: 'points' })} de la moyenne.`,
    nothing: (count, share) =>
      count === 0
        ? 'Personne ne laisse ce poste à zéro.'
        : `${f.count(count)} (${f.percent(share)}) ne ${f.plural(count, { one: 'donne', other: 'donnent' })} rien.`,
    histogram: 'Combien donnent combien',
    bin: (from, to, count) => `De ${f.percent(from)} à ${f.percent(to)}\u202f: ${f.count(count)}`,
  },

  download: {
    heading: 'Télécharger\u202f:',
    csv: 'CSV',
    json: 'JSON',
    svg: 'Graphique (SVG)',
    png: 'Graphique (PNG)',
    failed: 'Chargement impossible. Réessayez dans un instant ou rechargez la page.',
  },

  howItWorks: {
    heading: 'Comment ça marche',
    shown: (every) =>
      every === 1
        ? 'Chaque réponse entre aussitôt dans les moyennes.'
        : `Les réponses entrent dans les moyennes par groupes d’au moins ${f.count(every)}, pour que personne ne puisse déduire une seule réponse de la différence entre deux résultats. Le nombre de participants est toujours à jour. Une réponse qui est dans les moyennes et qui est ensuite modifiée ou effacée n’en sort que lorsqu’au moins ${f.count(every)} réponses dans ce cas en sortent ensemble${every > 3 ? `\u202f; après la clôture, au moins ${f.count(3)}` : ''}. Jusque-là, elle y reste.`,
    who: {
      OPEN: 'Tout le monde peut participer.',
      CODE: 'Peut participer qui a reçu un code\u202f; chaque code est une voix.',
    },
    often: (allowance) =>
      allowance === null
        ? 'Vous pouvez répondre aussi souvent que vous voulez\u202f; seule votre dernière réponse compte.'
        : `Vous pouvez répondre jusqu’à ${f.count(allowance.count)} fois en ${f.duration(allowance.seconds)}\u202f; seule votre dernière réponse compte.`,
    kept: (days, hasClosing) =>
      days === null
        ? 'Toutes les réponses sont conservées, même remplacées. Vous pouvez effacer les vôtres avec le cookie ou le code avec lequel vous les avez données.'
        : `Toutes les réponses sont supprimées ${f.count(days)} ${f.plural(days, { one: 'jour', other: 'jours' })} après la clôture du budget.${hasClosing ? '' : ' Aucune date de clôture n’est encore fixée.'} Les résultats restent.`,
    withoutCookie:
      'Sans le cookie, chaque réponse compte pour elle-même, et personne ne peut la retrouver pour la modifier ou l’effacer.',
    more: 'Ce qui est conservé, et vos droits',
  },

  budget: {
    amount: (amount) => `${amount} au total`,
    about: 'À propos de ces chiffres',
    notOpenYet: (opens) =>
      opens === null
        ? 'Cette consultation n’est pas encore ouverte.'
        : `Cette consultation ouvre le ${opens}.`,
    open: (closes) =>
      closes === null
        ? 'Vous pouvez participer dès maintenant.'
        : `Vous pouvez participer jusqu’au ${closes}.`,
    closed: (closed) =>
      closed === null ? 'Cette consultation est close.' : `Cette consultation a été close le ${closed}.`,
    paused:
      'Cette consultation est en pause. Revenez plus tard\u202f; toutes les réponses déjà données sont en sûreté.',
    unknown: (slug) => `Il n’y a pas de budget nommé «\u202f${slug}\u202f».`,
    noneOpen: 'Aucune consultation n’est ouverte en ce moment.',
    others: 'Celles-ci existent\u202f:',
  },

  budgets: {
    heading: 'Quelle consultation voulez-vous voir\u202f?',
    participants: (people) =>
      `${f.count(people)} ${f.plural(people, { one: 'participant', many: 'de participants', other: 'participants' })}`,
  },

  visibility: {
    heading: 'Les moyennes ne sont pas encore montrées',
    afterTakingPart:
      'Vous les verrez dès que vous aurez participé, pour qu’elles n’influencent pas votre réponse.',
    afterClosing: (closes) =>
      closes === null
        ? 'Tout le monde les verra à la clôture de la consultation.'
        : `Tout le monde les verra à la clôture de la consultation, le ${closes}.`,
    remember:
      'À l’envoi, choisissez «\u202fSe souvenir de moi sur cet appareil\u202f»\u202f: sans cela, rien n’indique plus tard que vous avez participé.',
  },

  exclusions: {
    heading: 'Réponses exclues',
    excluded: (count, reason) =>
      `${f.count(count)} ${f.plural(count, { one: 'réponse a été exclue', many: 'de réponses ont été exclues', other: 'réponses ont été exclues' })}\u202f: ${reason}`,
    own: (reason) => `Les organisateurs l’ont exclue des moyennes\u202f: ${reason}`,
  },

  preview: {
    heading: 'Aperçu\u202f: rien n’est compté',
    text: 'Voici le formulaire tel que les participants le voient. Ce que vous répartissez ici n’est ni envoyé ni conservé.',
    checked: 'La réponse est complète. Dans le vrai formulaire, elle serait envoyée maintenant.',
  },

  projector: {
    open: 'Montrer sur grand écran',
    takePart: 'Scannez pour participer',
    seeResults: 'Scannez pour voir les résultats',
    qrCode: (address) => `Code QR de ${address}`,
    real: words.real,
  },

  embedded: {
    newTab: '(s’ouvre dans un nouvel onglet)',
  },

  result: {
    heading: 'Une réponse',
    about: (budgetTitle) => `Une réponse à «\u202f${budgetTitle}\u202f»`,
    submitted: (when) => `Envoyée le ${when}.`,
    counts: 'Elle compte dans les moyennes.',
    replaced: 'Elle a été remplacée par une autre et ne compte plus.',
    unknownHeading: 'Cette réponse n’existe pas',
    unknown:
      'Rien n’est enregistré à cette adresse. Vérifiez que le lien est complet\u202f: chaque caractère compte.',
    takePart: 'Dites comment vous le dépenseriez',
  },

  history: {
    heading: words.history,
    intro: 'Toutes les réponses sont conservées\u202f; pour chaque budget, seule la dernière compte.',
    none: 'Rien ici pour l’instant. Vos réponses s’affichent ici si vous choisissez, à l’envoi, «\u202fSe souvenir de moi sur cet appareil\u202f». Les réponses données avec un code n’y figurent pas.',
    takePart: 'Dites comment vous le dépenseriez',
    counts: 'Compte',
    replaced: 'Remplacée',
    revise: 'Modifier',
    open: 'Résultat',
    older: 'Afficher les plus anciennes',
  },

  myData: {
    heading: 'Vos données',
    text: 'Vous pouvez télécharger tout ce que ce serveur conserve sous le cookie de ce navigateur, ou l’effacer.',
    download: 'Télécharger mes données (JSON)',
    erase: 'Effacer toutes mes réponses',
    sure: 'Effacer toutes vos réponses\u202f?',
    consequences:
      'Vos réponses sont supprimées maintenant, pour tous les budgets, et le cookie aussi. C’est sans retour.',
    averages:
      'Les moyennes publiées peuvent contenir plus longtemps une réponse effacée\u202f: elle n’en sort qu’avec d’autres qui ont été modifiées ou effacées.',
    yes: 'Les effacer maintenant',
    no: 'Les garder',
    erasing: 'Effacement…',
    erased: 'Vos réponses sont effacées',
    erasedText: (count) =>
      `${f.count(count)} ${f.plural(count, { one: 'réponse a été supprimée', other: 'réponses ont été supprimées' })}.`,
    nothingErased: 'Il n’y avait rien à effacer',
    code: 'Effacer la réponse d’un code',
    codeText:
      'Si vous avez répondu avec un code, effacez la réponse avec lui. Un code seul ne permet ni de voir ni de télécharger une réponse. Il peut resservir tant que le budget est ouvert.',
    codeBudget: 'Budget',
    codeField: 'Code',
    eraseCode: 'Effacer la réponse',
  },

  unknownPage: {
    heading: 'Cette page n’existe pas',
    text: 'L’adresse est peut-être mal saisie, ou le lien a été coupé.',
  },

  brokenPage: {
    heading: 'Cette page n’a pas pu être affichée',
    part: 'Cette partie n’a pas pu être affichée',
    text: 'Une partie n’a pas pu être chargée ou a échoué. Rien de ce que vous avez envoyé n’est perdu.',
    reload: words.reload,
  },

  problem: {
    rateLimited: 'Trop de réponses',
    tryLater: 'Réessayez plus tard.',
    tryAt: (wait, at) => `Vous pourrez réessayer dans ${wait}, à ${at}.`,
    notOpen: 'Aucune réponse n’est acceptée pour le moment',
    notOpenText: 'La consultation n’est pas encore ouverte, est en pause ou est close.',
    busy: 'Le serveur est surchargé',
    busyText: 'Rien n’a été enregistré. Réessayez dans un instant.',
    unavailable: 'Le serveur ne peut rien enregistrer pour le moment',
    unavailableText:
      'Réessayez dans un instant. C’est sans risque\u202f: la même réponse ne peut pas compter deux fois.',
    noAnswer: 'Le serveur ne répond pas',
    noAnswerText:
      'Vérifiez votre connexion et réessayez. C’est sans risque\u202f: la même réponse ne peut pas compter deux fois.',
    notAccepted: 'Le serveur ne l’a pas accepté',
    other: 'Cela n’a pas fonctionné',
  },
})
