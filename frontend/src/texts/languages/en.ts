import type { BasisPoints, ShareProblem } from '../../domain/share'
import type { Format } from '../format'
import * as words from '../../../../locales/en.json'

export const texts = (f: Format) => ({
  site: {
    name: words.name,
    skip: 'Skip to the content',
    navigation: 'Pages',
    participate: 'Take part',
    aggregate: 'Averages',
    history: 'History',
    privacy: words.privacy,
    footer: 'About this site',
    language: 'Language',
    languageFailed: (name: string) => `${name} could not be loaded. Try again, or load the page anew.`,
    loading: 'Loading…',
    retry: 'Try again',
  },

  connection: {
    connecting: 'Connecting',
    live: 'Live',
    polling: 'Updating',
    reconnecting: 'Reconnecting',
    offline: 'Offline',
  },

  form: {
    heading: 'Your allocation',
    intro:
      'Give each line its share until nothing is left. Lines never move each other: what you give to one comes out of what is left.',
    welcomeBack: 'Welcome back',
    remembered:
      'Below is your latest answer. Change what you like and submit again: the new one then counts instead.',
    startFrom: 'Start from:',
    starts: {
      zero: 'Nothing',
      equal: 'Equal parts',
      actual: 'The real budget',
      latest: 'My latest answer',
      ofThisTab: 'My answer from this tab',
    },
    less: (label: string) => `${label}: 1% less`,
    more: (label: string) => `${label}: 1% more`,
    slider: (label: string) => `${label}, slider`,
    sliderValue: (share: BasisPoints, money: string | undefined, left: BasisPoints) => {
      const amount = money === undefined ? f.percent(share) : `${f.percent(share)}, ${money}`
      if (left === 0) return `${amount}. All 100% given.`
      return left > 0
        ? `${amount}. Left to give: ${f.percent(left)}`
        : `${amount}. ${f.percent(-left)} too much`
    },
    lock: (label: string) => `Lock ${label}`,
    left: 'Left to give',
    tooMuch: 'Too much given',
    leftSentence: (left: BasisPoints) => {
      if (left === 0) return 'All 100% given.'
      return left > 0 ? `Left to give: ${f.percent(left)}` : `${f.percent(-left)} too much`
    },
    rebalance: 'Bring the lines to 100%',
    restTo: (label: string) => `The rest to ${label}`,
    excessOff: (label: string) => `Take it off ${label}`,
    spread: 'Spread the rest evenly',
    takeOff: 'Take the excess off evenly',
    inProportion: 'Spread it in proportion',
    scale: 'Scale all to 100%',
    obstacles: {
      'all-locked': 'Every line is locked. Unlock one to bring them to 100%.',
      'locked-over': 'The locked lines alone are over 100%. Unlock one, or lower it.',
    },
    undo: 'Undo',
    submit: 'Submit',
    revise: 'Submit revision',
    sending: 'Submitting…',
    working:
      'Just a moment: many people answer from your network, so your device does a short calculation first.',
    invalidHeading: 'Not sent yet',
    unreadable: (label: string) => `${label}: enter a number from 0 to 100 with at most two decimals.`,
    share: {
      'not-a-number': 'This is not a number. Write for example 12.5 or 12,5.',
      negative: 'A share cannot be below 0.',
      'too-many-decimals': 'At most two decimals.',
      'over-100': 'A share cannot be over 100.',
    } satisfies Record<ShareProblem, string>,
    mustBeWhole: (left: BasisPoints) =>
      left > 0
        ? `The lines must add up to 100%. There is ${f.percent(left)} left to give.`
        : `The lines must add up to 100%. You have given ${f.percent(-left)} too much.`,
    counted: 'Counted.',
    countedRemembered: (until: string | null) =>
      until === null
        ? 'You can change it from this browser as long as the budget is open.'
        : `You can change it from this browser until ${until}.`,
    countedAnonymous: 'It was counted without a cookie, so it cannot be changed later.',
    countedNoCookie:
      'This browser kept no cookie, so it cannot be changed later. Another answer from here would count as another person’s.',
    countedByCode: (until: string | null) =>
      until === null
        ? 'You can change it with your code from any device, as long as the budget is open.'
        : `You can change it with your code from any device until ${until}.`,
    countedUnchecked:
      'Whether this browser kept the cookie could not be checked. Load the page anew: if it did, your answer is there to be changed.',
    change: 'Change my answer',
    another: 'Another person’s answer',
    answered: 'You have answered already',
    answeredText:
      'Your answer was submitted from this tab, without a cookie: it counts and cannot be changed. Whoever answers next from here counts as another person.',
    replaced: 'It replaces your earlier submission.',
    shownWithGroup: (every: number) =>
      `It is shown with the next group of ${f.count(every)} answers, so that nobody can tell it from the others.`,
    changeShown: (every: number) =>
      `If the averages contain your earlier answer already, they change only when at least ${f.count(every)} such answers have been changed or erased. Otherwise the new one is shown with the next group of ${f.count(every)} answers.`,
    resultLink: 'Your result, with a link to share',
  },

  code: {
    heading: 'Enter your code',
    who: 'Everyone who received a code may take part. Each code counts once; with it you can change your answer from any device.',
    label: 'Your code',
    help: '15 letters and digits, as they were sent to you. Capitals, hyphens and spaces make no difference.',
    enter: 'Continue',
    checking: 'Checking…',
    accepted: 'Your code is accepted',
    another: 'Use another code',
    hasAnswered:
      'An answer was given with this code before. It is not shown here, because a code alone must not be enough to read an answer. If you submit again, the new answer counts instead.',
    ofThisTab:
      'Below is the answer that you gave in this tab. If you have changed it elsewhere since, that later one counts. If you submit again, the new answer counts instead.',
    empty: 'Enter your code.',
    notFound: 'This code was not found',
    noCode: 'This is not a code. Compare each letter and digit with what was sent to you.',
    unknown:
      'There is no such code for this budget. Compare it with what was sent to you, or ask the sender.',
    tooMany: 'Too many wrong codes came from this network.',
  },

  consent: {
    question: 'May this browser remember you?',
    yes: 'Remember me on this device',
    no: 'No cookie',
    effects: {
      yes: 'A cookie lets you see your submissions and revise this one.',
      no: 'Your voice counts just the same; it cannot be revised later.',
    },
    unchosen: 'If you choose neither, no cookie is set.',
  },

  share: {
    copy: 'Copy the link',
    copied: 'Copied',
    share: 'Share…',
  },

  receipt: {
    heading: 'Your tax receipt',
    private: 'What you enter here never leaves this page and is not kept.',
    income: (currency: string) => `Your yearly income in ${currency}`,
    taxes: (currency: string) => `The taxes you pay in a year, in ${currency}`,
    wrong: 'Enter a whole amount, for example 45000.',
    paid: (tax: string, income: string) => `${tax} in taxes a year on ${income}`,
    paidInAll: (tax: string) => `${tax} in taxes a year`,
    line: 'Line',
    mine: 'By your answer',
    real: 'Real budget',
    difference: 'Difference',
    same: 'the same',
    more: (amount: string) => `${amount} more`,
    less: (amount: string) => `${amount} less`,
    total: 'In all',
    print: 'Print',
  },

  results: {
    heading: 'Everyone, live',
    averages: 'Averages, live',
    averagesAtEnd: 'Averages',
    mine: 'Mine',
    submission: 'This one',
    everyone: 'Everyone',
    real: 'Budget',
    line: 'Line',
    none: 'Nobody has taken part yet.',
    noneShown: (every: number, missing: number) =>
      `Averages are shown from ${f.count(every)} answers on, so that nobody can tell a single one from them. ${f.count(missing)} more to go.`,
    partShown: (shown: number, missing: number) =>
      `The averages contain ${f.count(shown)} ${f.plural(shown, { one: 'answer', other: 'answers' })}. The next group is shown after at most ${f.count(missing)} more new ${f.plural(missing, { one: 'answer', other: 'answers' })}.`,
    removedShown: 'The averages still contain answers that were erased or excluded.',
    restHeldBack: (heldBack: number) =>
      `At least ${f.count(heldBack)} ${f.plural(heldBack, { one: 'answer is', other: 'answers are' })} counted but not in the averages: so few could be told from them.`,
    counts: (people: number, submissions: number) =>
      `${f.count(people)} ${f.plural(people, { one: 'participant', other: 'participants' })}, ${f.count(submissions)} ${f.plural(submissions, { one: 'submission', other: 'submissions' })}`,
    asOf: (time: string) => `as of ${time}`,
    stateAsOf: (state: string, time: string) => `${state}, as of ${time}`,
    pause: 'Pause',
    paused: (time: string, missed: number) =>
      missed === 0
        ? `Paused at ${time}`
        : `Paused at ${time}, ${f.count(missed)} newer ${f.plural(missed, { one: 'update', other: 'updates' })}`,
    polling: 'Live connections are blocked here: the numbers are asked for every 5 seconds.',
    stale: 'The numbers may be old: the database cannot be reached at the moment.',
    scale: (end: BasisPoints) => `Scales: 0 to ${f.percent(end)}`,
    selfSelected: 'Participants choose to take part: this is not a poll.',
    waiting: 'Waiting for the first numbers…',
    view: 'Show as',
    chart: 'Chart',
    table: 'Table',
    sortBy: 'Sort by',
    orders: {
      budget: 'the budget’s order',
      size: 'size',
      gap: 'gap to the budget',
    },
    /** The gaps of a line in words: one answer to everyone, everyone to the real budget; either may be missing. */
    gaps: (
      subject: 'mine' | 'submission',
      answer: BasisPoints | undefined,
      people: BasisPoints | undefined,
    ) => {
      const points = (gap: BasisPoints) =>
        `${f.points(Math.abs(gap))} ${f.pluralPoints(Math.abs(gap), { one: 'point', other: 'points' })} ${gap > 0 ? 'more' : 'less'}`
      const gives = subject === 'mine' ? 'You give' : 'This one gives'
      if (answer !== undefined && people !== undefined && answer === -people)
        return answer === 0
          ? `${gives} as much as everyone, and as the budget.`
          : `${gives} ${points(answer)} than everyone, as the budget does.`
      const own =
        answer === undefined
          ? ''
          : answer === 0
            ? `${gives} as much as everyone.`
            : `${gives} ${points(answer)} than everyone.`
      const all =
        people === undefined
          ? ''
          : people === 0
            ? 'Everyone gives as much as the budget.'
            : `Everyone gives ${points(people)} than the budget.`
      return `${own} ${all}`.trim()
    },
    mineMinusEveryone: 'Answer to everyone, points',
    everyoneMinusReal: 'Everyone to budget, points',
  },

  tiles: {
    lastChange: 'Last change',
    version: (version: number) =>
      `${f.count(version)} ${f.plural(version, { one: 'publication', other: 'publications' })}`,
    widestGap: 'Widest gap to the budget',
    gap: (gap: BasisPoints) =>
      `${f.points(Math.abs(gap))} ${f.pluralPoints(Math.abs(gap), { one: 'point', other: 'points' })} ${gap > 0 ? 'more' : 'less'} than the budget`,
    mostAgreed: 'Most agreed',
    mostSplit: 'Most split',
    middleHalf: (from: BasisPoints, to: BasisPoints) =>
      from === to
        ? `Half of all people or more give exactly ${f.percent(from)}.`
        : `Half of all people give between ${f.percent(from)} and ${f.percent(to)}.`,
  },

  distribution: {
    none: 'Nothing is shown yet.',
    median: (share: BasisPoints) => `Half give ${f.percent(share)} or less.`,
    middle: (from: BasisPoints, to: BasisPoints) =>
      `The middle half lies between ${f.percent(from)} and ${f.percent(to)}.`,
    spread: (points: BasisPoints) => `Answers lie about ${f.points(points)} points from the average.`,
    nothing: (count: number, share: BasisPoints) =>
      count === 0 ? 'Nobody gives nothing.' : `${f.count(count)} (${f.percent(share)}) give nothing.`,
    histogram: 'How many give how much',
    bin: (from: BasisPoints, to: BasisPoints, count: number) =>
      `${f.percent(from)} to ${f.percent(to)}: ${f.count(count)}`,
  },

  download: {
    heading: 'Take it with you:',
    csv: 'CSV',
    json: 'JSON',
    svg: 'Chart (SVG)',
    png: 'Chart (PNG)',
    failed: 'This could not be loaded. Try again in a moment, or load the page anew.',
  },

  howItWorks: {
    heading: 'How this works',
    shown: (every: number) =>
      every === 1
        ? 'Every answer is in the averages at once.'
        : `Answers enter the averages in groups of at least ${f.count(every)}, so that nobody can tell a single answer from the difference between two results. The number of participants is always live. An answer that is in the averages and is then changed or erased leaves them only when at least ${f.count(every)} such answers leave together${every > 3 ? `; after the closing at least ${f.count(3)}` : ''}. Until then it stays in them.`,
    who: {
      OPEN: 'Everybody may take part.',
      CODE: 'Everybody who got a code may take part, and each code is one voice.',
    },
    often: (allowance: { count: number; seconds: number } | null) =>
      allowance === null
        ? 'You may answer as often as you like; only your latest answer counts.'
        : `You may answer up to ${f.count(allowance.count)} ${f.plural(allowance.count, { one: 'time', other: 'times' })} in ${f.duration(allowance.seconds)}; only your latest answer counts.`,
    kept: (days: number | null, hasClosing: boolean) =>
      days === null
        ? 'All answers are kept, also those that were replaced. You can erase yours with the cookie or the code that you gave them with.'
        : `All answers are deleted ${f.count(days)} ${f.plural(days, { one: 'day', other: 'days' })} after the budget has closed.${hasClosing ? '' : ' No closing date is set yet.'} The results stay.`,
    withoutCookie:
      'Without the cookie, each answer counts by itself, and nobody can find it again to change or erase it.',
    more: 'What is stored, and your rights',
  },

  budget: {
    amount: (amount: string) => `${amount} in all`,
    about: 'About these figures',
    notOpenYet: (opens: string | null) =>
      opens === null ? 'This budget is not open yet.' : `This budget opens on ${opens}.`,
    open: (closes: string | null) =>
      closes === null ? 'You can take part now.' : `You can take part until ${closes}.`,
    closed: (closed: string | null) =>
      closed === null ? 'This budget is closed.' : `This budget closed on ${closed}.`,
    paused: 'This budget is paused. Please come back later; every answer so far is safe.',
    unknown: (slug: string) => `There is no budget called “${slug}”.`,
    noneOpen: 'No budget is open at the moment.',
    others: 'These exist:',
  },

  budgets: {
    heading: 'Which budget do you want to see?',
    participants: (people: number) =>
      `${f.count(people)} ${f.plural(people, { one: 'participant', other: 'participants' })}`,
  },

  visibility: {
    heading: 'The averages are not shown yet',
    afterTakingPart: 'You see them once you have taken part, so that they do not sway your answer.',
    afterClosing: (closes: string | null) =>
      closes === null
        ? 'Everyone sees them when the budget has closed.'
        : `Everyone sees them when the budget has closed, on ${closes}.`,
    remember:
      'Choose “Remember me on this device” when you submit: without it, nothing tells later that you have taken part.',
  },

  exclusions: {
    heading: 'Excluded answers',
    excluded: (count: number, reason: string) =>
      `${f.count(count)} ${f.plural(count, { one: 'answer was', other: 'answers were' })} excluded: ${reason}`,
    own: (reason: string) => `The organisers excluded it from the averages: ${reason}`,
  },

  preview: {
    heading: 'Preview: nothing is counted',
    text: 'This is the form as participants see it. What you give here is neither sent nor kept.',
    checked: 'The answer is complete. In the real form it would be submitted now.',
  },

  projector: {
    open: 'Show on a big screen',
    takePart: 'Scan to take part',
    seeResults: 'Scan to see the results',
    qrCode: (address: string) => `QR code of ${address}`,
    real: words.real,
  },

  embedded: {
    newTab: '(opens in a new tab)',
  },

  result: {
    heading: 'One submission',
    about: (budgetTitle: string) => `An answer to “${budgetTitle}”`,
    submitted: (when: string) => `Submitted on ${when}.`,
    counts: 'It counts in the averages.',
    replaced: 'It was replaced by a later one and does not count any more.',
    unknownHeading: 'No such submission',
    unknown: 'Nothing is stored under this address. Check that the link is complete; each character counts.',
    takePart: 'Say how you would spend it',
  },

  history: {
    heading: words.history,
    intro: 'Every submission is kept; per budget only your latest one counts.',
    none: 'Nothing here yet. Submissions are listed here if you choose to be remembered on this device when you submit. Answers that were given with a code are not listed.',
    takePart: 'Say how you would spend it',
    counts: 'Counts',
    replaced: 'Replaced',
    revise: 'Revise',
    open: 'Result',
    older: 'Show older ones',
  },

  myData: {
    heading: 'Your data',
    text: 'You can download everything that this server holds under the cookie of this browser, or erase it.',
    download: 'Download my data (JSON)',
    erase: 'Erase all my answers',
    sure: 'Erase all your answers?',
    consequences:
      'Your answers are deleted now, for all budgets, and so is the cookie. This cannot be undone.',
    averages:
      'The published averages may contain an erased answer for longer: it leaves them only together with others that were changed or erased.',
    yes: 'Erase them now',
    no: 'Keep them',
    erasing: 'Erasing…',
    erased: 'Your answers are erased',
    erasedText: (count: number) =>
      `${f.count(count)} ${f.plural(count, { one: 'answer was', other: 'answers were' })} deleted.`,
    nothingErased: 'There was nothing to erase',
    code: 'Erase the answer to a code',
    codeText:
      'If you answered with a code, erase the answer with it. With a code alone you cannot see or download an answer. The code can be used again while the budget is open.',
    codeBudget: 'Budget',
    codeField: 'Code',
    eraseCode: 'Erase the answer',
  },

  unknownPage: {
    heading: 'This page does not exist',
    text: 'The address may be mistyped, or the link was cut off.',
  },

  brokenPage: {
    heading: 'This page could not be shown',
    part: 'This part could not be shown',
    text: 'A part of it could not be loaded, or something in it broke. What you submitted is safe.',
    reload: words.reload,
  },

  problem: {
    rateLimited: 'Too many submissions',
    tryLater: 'Please try again later.',
    tryAt: (wait: string, at: string) => `You can try again in ${wait}, at ${at}.`,
    notOpen: 'This budget takes no submissions now',
    notOpenText: 'It is not open yet, it is paused, or it has closed.',
    busy: 'The server is busy',
    busyText: 'Nothing was stored. Please try again in a moment.',
    unavailable: 'The server cannot store submissions now',
    unavailableText: 'Please try again in a moment. That is safe: the same submission cannot count twice.',
    noAnswer: 'No answer from the server',
    noAnswerText:
      'Check your connection and try again. That is safe: the same submission cannot count twice.',
    notAccepted: 'The server did not accept this',
    other: 'That did not work',
  },
})
