import type { Format } from '../format'
import type { Texts } from '../languages'
import * as words from '../../../../locales/ar.json'

export const texts = (f: Format): Texts => ({
  site: {
    name: words.name,
    skip: 'انتقل إلى المحتوى',
    navigation: 'الصفحات',
    participate: 'شارك',
    aggregate: 'المتوسطات',
    history: 'السجل',
    privacy: words.privacy,
    footer: 'عن هذا الموقع',
    language: 'اللغة',
    languageFailed: (name) => `تعذّر تحميل ${name}. حاول مرة أخرى أو حمّل الصفحة من جديد.`,
    loading: 'جارٍ التحميل…',
    retry: 'حاول مرة أخرى',
  },

  connection: {
    connecting: 'جارٍ الاتصال',
    live: 'مباشر',
    polling: 'يُحدَّث',
    reconnecting: 'تجري إعادة الاتصال',
    offline: 'غير متصل',
  },

  form: {
    heading: 'توزيعك',
    intro: 'أعطِ كل بند حصته حتى لا يبقى شيء. لا يحرّك بندٌ بندًا آخر: ما تعطيه لأحدها يُؤخذ مما تبقّى.',
    welcomeBack: 'أهلًا بعودتك',
    remembered: 'في الأسفل إجابتك الأخيرة. غيّر ما تشاء وأرسلها من جديد: عندها تُحتسب الجديدة بدلًا منها.',
    startFrom: 'ابدأ من:',
    starts: {
      zero: 'الصفر',
      equal: 'حصص متساوية',
      actual: 'الميزانية الفعلية',
      latest: 'إجابتي الأخيرة',
      ofThisTab: 'إجابتي من علامة التبويب هذه',
    },
    less: (label) => `${label}: أقل بمقدار ${f.percent(100)}`,
    more: (label) => `${label}: أكثر بمقدار ${f.percent(100)}`,
    slider: (label) => `${label}، شريط تمرير`,
    sliderValue: (share, money, left) => {
      const amount = money === undefined ? f.percent(share) : `${f.percent(share)}، ${money}`
      if (left === 0) return `${amount}. وُزِّعت ${f.percent(10_000)} كاملة.`
      return left > 0 ? `${amount}. المتبقي: ${f.percent(left)}` : `${amount}. الزائد: ${f.percent(-left)}`
    },
    lock: (label) => `ثبّت ${label}`,
    left: 'المتبقي',
    tooMuch: 'الزائد',
    leftSentence: (left) => {
      if (left === 0) return `وُزِّعت ${f.percent(10_000)} كاملة.`
      return left > 0 ? `المتبقي: ${f.percent(left)}` : `الزائد: ${f.percent(-left)}`
    },
    rebalance: `إيصال البنود إلى ${f.percent(10_000)}`,
    restTo: (label) => `الباقي إلى ${label}`,
    excessOff: (label) => `اخصم الزائد من ${label}`,
    spread: 'وزّع الباقي بالتساوي',
    takeOff: 'اخصم الزائد بالتساوي',
    inProportion: 'وزّع الباقي بالتناسب',
    scale: `اضبط الكل على ${f.percent(10_000)}`,
    obstacles: {
      'all-locked': `كل البنود مثبّتة. ألغِ تثبيت أحدها لتصل إلى ${f.percent(10_000)}.`,
      'locked-over': `البنود المثبّتة وحدها تتجاوز ${f.percent(10_000)}. ألغِ تثبيت أحدها أو خفّضه.`,
    },
    undo: 'تراجع',
    submit: 'أرسل',
    revise: 'أرسل التعديل',
    sending: 'جارٍ الإرسال…',
    working: 'لحظة من فضلك: يجيب كثيرون من شبكتك، لذلك يجري جهازك أولًا عملية حسابية قصيرة.',
    invalidHeading: 'لم تُرسل بعد',
    unreadable: (label) => `${label}: اكتب عددًا من 0 إلى 100 بمنزلتين عشريتين على الأكثر.`,
    share: {
      'not-a-number': 'هذا ليس عددًا. اكتب مثلًا 12.5 أو 12,5.',
      negative: 'لا يمكن أن تقل الحصة عن 0.',
      'too-many-decimals': 'منزلتان عشريتان على الأكثر.',
      'over-100': 'لا يمكن أن تزيد الحصة على 100.',
    },
    mustBeWhole: (left) =>
      left > 0
        ? `يجب أن يكون مجموع البنود ${f.percent(10_000)}. بقي ${f.percent(left)} دون توزيع.`
        : `يجب أن يكون مجموع البنود ${f.percent(10_000)}. وزّعت ${f.percent(-left)} زيادة.`,
    counted: 'احتُسبت.',
    countedRemembered: (until) =>
      until === null
        ? 'يمكنك تغييرها من هذا المتصفح ما دامت الاستشارة مفتوحة.'
        : `يمكنك تغييرها من هذا المتصفح حتى ${until}.`,
    countedAnonymous: 'احتُسبت دون ملف تعريف ارتباط، فلا يمكن تغييرها لاحقًا.',
    countedNoCookie:
      'لم يحتفظ هذا المتصفح بأي ملف تعريف ارتباط، فلا يمكن تغييرها لاحقًا. أي إجابة أخرى من هنا ستُحتسب إجابةَ شخص آخر.',
    countedByCode: (until) =>
      until === null
        ? 'يمكنك تغييرها برمزك من أي جهاز ما دامت الميزانية مفتوحة.'
        : `يمكنك تغييرها برمزك من أي جهاز حتى ${until}.`,
    countedUnchecked:
      'تعذّر التحقق من احتفاظ هذا المتصفح بملف تعريف الارتباط. حمّل الصفحة من جديد: إن كان قد احتفظ به فستجد إجابتك جاهزة للتغيير.',
    change: 'غيّر إجابتي',
    another: 'إجابة شخص آخر',
    answered: 'سبق أن أجبت',
    answeredText:
      'أُرسلت إجابتك من علامة التبويب هذه دون ملف تعريف ارتباط: هي محتسبة ولا يمكن تغييرها. من يجيب بعدك من هنا يُحتسب شخصًا آخر.',
    replaced: 'حلّت محل إجابتك السابقة.',
    shownWithGroup: (every) =>
      `ستظهر مع المجموعة التالية من الإجابات (${f.count(every)} على الأقل)، حتى لا يتمكن أحد من تمييزها عن غيرها.`,
    changeShown: (every) =>
      `إذا كانت إجابتك السابقة داخلة في المتوسطات، فلا تتغير المتوسطات حتى يبلغ عدد الإجابات المعدّلة أو المحذوفة منها ${f.count(every)} على الأقل. وإلا فستظهر الجديدة مع المجموعة التالية من الإجابات (${f.count(every)} على الأقل).`,
    resultLink: 'نتيجتك، مع رابط للمشاركة',
  },

  code: {
    heading: 'أدخل رمزك',
    who: 'يمكن لكل من تلقى رمزا أن يشارك. يُحتسب كل رمز مرة واحدة، ويمكنك به تغيير إجابتك من أي جهاز.',
    label: 'رمزك',
    help: '15 حرفا ورقما كما وصلتك. لا فرق بين الأحرف الكبيرة والصغيرة، ولا أهمية للشرطات والمسافات.',
    enter: 'متابعة',
    checking: 'جارٍ التحقق…',
    accepted: 'تم قبول رمزك',
    another: 'استخدام رمز آخر',
    hasAnswered:
      'سبقت الإجابة بهذا الرمز. لا تُعرض الإجابة هنا، لأن الرمز وحده يجب ألا يكفي لقراءة إجابة. إذا أرسلت مرة أخرى فستُحتسب الإجابة الجديدة بدلا منها.',
    ofThisTab:
      'في الأسفل الإجابة التي قدمتها في علامة التبويب هذه. إن غيّرتها بعد ذلك في مكان آخر فالمحتسبة هي الأحدث. وإذا أرسلت من جديد فستُحتسب الإجابة الجديدة بدلًا منها.',
    empty: 'أدخل رمزك.',
    notFound: 'لم يُعثر على هذا الرمز',
    noCode: 'هذا ليس رمزا. قارن كل حرف ورقم بما وصلك.',
    unknown: 'لا يوجد رمز كهذا لهذه الميزانية. قارنه بما وصلك أو اسأل المرسل.',
    tooMany: 'وردت رموز خاطئة كثيرة جدا من هذه الشبكة.',
  },

  consent: {
    question: 'هل يتذكرك هذا المتصفح؟',
    yes: 'تذكّرني على هذا الجهاز',
    no: 'دون ملف تعريف ارتباط',
    effects: {
      yes: 'بملف تعريف ارتباط ترى إجاباتك وتستطيع تعديل هذه.',
      no: 'صوتك محسوب بالقدر نفسه، لكن لا يمكن تعديله لاحقًا.',
    },
    unchosen: 'إن لم تختر شيئًا فلن يُحفظ أي ملف تعريف ارتباط.',
  },

  share: {
    copy: 'انسخ الرابط',
    copied: 'نُسخ',
    share: 'شارك…',
  },

  receipt: {
    heading: 'إيصالك الضريبي',
    private: 'ما تكتبه هنا لا يغادر هذه الصفحة ولا يُحفظ.',
    income: (currency) => `دخلك السنوي (${currency})`,
    taxes: (currency) => `الضرائب التي تدفعها في السنة (${currency})`,
    wrong: 'اكتب مبلغًا صحيحًا، مثل 45000.',
    paid: (tax, income) => `${tax} ضرائب في السنة على ${income}`,
    paidInAll: (tax) => `${tax} ضرائب في السنة`,
    line: 'البند',
    mine: 'بحسب إجابتك',
    real: 'الميزانية الفعلية',
    difference: 'الفرق',
    same: 'متساويان',
    more: (amount) => `أكثر بـ ${amount}`,
    less: (amount) => `أقل بـ ${amount}`,
    total: 'المجموع',
    print: 'اطبع',
  },

  results: {
    heading: 'الجميع، مباشر',
    averages: 'المتوسطات، مباشر',
    averagesAtEnd: 'المتوسطات',
    mine: 'إجابتي',
    submission: 'هذه',
    everyone: 'الجميع',
    real: 'الفعلية',
    line: 'البند',
    none: 'لم يشارك أحد بعد.',
    noneShown: (every, missing) =>
      `لا تظهر المتوسطات إلا عند بلوغ عدد الإجابات ${f.count(every)}، حتى لا يستنتج أحد منها إجابة واحدة. المتبقي: ${f.count(missing)}.`,
    partShown: (shown, missing) =>
      `عدد الإجابات الداخلة في المتوسطات: ${f.count(shown)}. تظهر المجموعة التالية بعد وصول إجابات جديدة أخرى، عددها على الأكثر: ${f.count(missing)}.`,
    removedShown: 'لا تزال في المتوسطات إجابات حُذفت أو استُبعدت.',
    restHeldBack: (heldBack) =>
      `إجابات محسوبة لا تدخل في المتوسطات، عددها على الأقل: ${f.count(heldBack)}، فهي من القلة بحيث يمكن استنتاجها.`,
    counts: (people, submissions) =>
      `${f.plural(people, {
        zero: 'لا مشاركين',
        one: 'مشارك واحد',
        two: 'مشاركان',
        few: `${f.count(people)} مشاركين`,
        many: `${f.count(people)} مشاركًا`,
        other: `${f.count(people)} مشارك`,
      })}، ${f.plural(submissions, {
        zero: 'لا إجابات',
        one: 'إجابة واحدة',
        two: 'إجابتان',
        few: `${f.count(submissions)} إجابات`,
        many: `${f.count(submissions)} إجابة`,
        other: `${f.count(submissions)} إجابة`,
      })}`,
    asOf: (time) => `حتى ${time}`,
    stateAsOf: (state, time) => `${state}، حتى ${time}`,
    pause: 'أوقف مؤقتًا',
    paused: (time, missed) =>
      missed === 0
        ? `متوقف منذ ${time}`
        : `متوقف منذ ${time}، ${f.plural(missed, {
            one: 'تحديث أحدث واحد',
            two: 'تحديثان أحدث',
            few: `${f.count(missed)} تحديثات أحدث`,
            many: `${f.count(missed)} تحديثًا أحدث`,
            other: `${f.count(missed)} تحديث أحدث`,
          })}`,
    polling: 'الاتصال المباشر محجوب هنا: تُطلب الأرقام كل 5 ثوانٍ.',
    stale: 'قد تكون الأرقام قديمة: لا يمكن الوصول إلى قاعدة البيانات الآن.',
    scale: (end) => `المقياس: من 0 إلى ${f.percent(end)}`,
    selfSelected: 'يشارك من يشاء: هذا ليس استطلاعًا للرأي.',
    waiting: 'في انتظار الأرقام الأولى…',
    view: 'العرض',
    chart: 'رسم',
    table: 'جدول',
    sortBy: 'الترتيب بحسب',
    orders: {
      budget: 'ترتيب الميزانية',
      size: 'الحجم',
      gap: 'البعد عن الميزانية',
    },
    gaps: (subject, answer, people) => {
      const points = (gap: number) => `${gap > 0 ? 'أكثر' : 'أقل'} بـ ${f.points(Math.abs(gap))} نقطة مئوية`
      const gives = subject === 'mine' ? 'تعطي' : 'تعطي هذه الإجابة'
      if (answer !== undefined && people !== undefined && answer === -people)
        return answer === 0
          ? `${gives} مثل الجميع ومثل الميزانية.`
          : `${gives} ${points(answer)} من الجميع، كما في الميزانية.`
      const own =
        answer === undefined
          ? ''
          : answer === 0
            ? `${gives} مثل الجميع.`
            : `${gives} ${points(answer)} من الجميع.`
      const all =
        people === undefined
          ? ''
          : people === 0
            ? 'يعطي الجميع مثل الميزانية.'
            : `يعطي الجميع ${points(people)} من الميزانية.`
      return `${own} ${all}`.trim()
    },
    mineMinusEveryone: 'الإجابة مقابل الجميع، نقاط',
    everyoneMinusReal: 'الجميع مقابل الميزانية، نقاط',
  },

  tiles: {
    lastChange: 'آخر تغيير',
    version: (version) =>
      f.plural(version, {
        one: 'نشرة واحدة',
        two: 'نشرتان',
        few: `${f.count(version)} نشرات`,
        other: `${f.count(version)} نشرة`,
      }),
    widestGap: 'أكبر فرق عن الميزانية',
    gap: (gap) => `${gap > 0 ? 'أكثر' : 'أقل'} من الميزانية بـ ${f.points(Math.abs(gap))} نقطة`,
    mostAgreed: 'الأكثر اتفاقًا',
    mostSplit: 'الأكثر خلافًا',
    middleHalf: (from, to) =>
      from === to
        ? `يعطي نصف المشاركين أو أكثر ${f.percent(from)} بالضبط.`
        : `يعطي نصف المشاركين ما بين ${f.percent(from)} و${f.percent(to)}.`,
  },

  distribution: {
    none: 'لا يظهر شيء بعد.',
    median: (share) => `يعطي النصف ${f.percent(share)} أو أقل.`,
    middle: (from, to) => `يقع النصف الأوسط بين ${f.percent(from)} و${f.percent(to)}.`,
    spread: (points) => `تبعد الإجابات عن المتوسط نحو ${f.points(points)} نقطة.`,
    nothing: (count, share) =>
      count === 0
        ? 'لا أحد يترك هذا البند دون شيء.'
        : f.plural(count, {
            one: `واحد (${f.percent(share)}) لا يعطي شيئًا.`,
            two: `اثنان (${f.percent(share)}) لا يعطيان شيئًا.`,
            other: `${f.count(count)} (${f.percent(share)}) لا يعطون شيئًا.`,
          }),
    histogram: 'كم شخصًا يعطي كم',
    bin: (from, to, count) => `من ${f.percent(from)} إلى ${f.percent(to)}: ${f.count(count)}`,
  },

  download: {
    heading: 'خذها معك:',
    csv: 'CSV',
    json: 'JSON',
    svg: 'الرسم (SVG)',
    png: 'الرسم (PNG)',
    failed: 'تعذّر التحميل. حاول مرة أخرى بعد قليل أو حمّل الصفحة من جديد.',
  },

  howItWorks: {
    heading: 'كيف يعمل هذا',
    shown: (every) =>
      every === 1
        ? 'تدخل كل إجابة في المتوسطات فورًا.'
        : `تدخل الإجابات في المتوسطات في مجموعات لا تقل الواحدة منها عن ${f.count(every)}، حتى لا يستنتج أحد إجابة واحدة من الفرق بين نتيجتين. أما عدد المشاركين فمحدَّث دائمًا. والإجابة الداخلة في المتوسطات التي تُغيَّر أو تُحذف بعد ذلك لا تخرج منها إلا مع مثيلاتها، حين يبلغ عددها معًا ${f.count(every)} على الأقل${every > 3 ? `، أو ${f.count(3)} على الأقل بعد الإغلاق` : ''}. وتبقى فيها حتى ذلك الحين.`,
    who: {
      OPEN: 'المشاركة متاحة للجميع.',
      CODE: 'يشارك من لديه رمز، وكل رمز صوت واحد.',
    },
    often: (allowance) =>
      allowance === null
        ? 'يمكنك الإجابة كما تشاء من المرات، ولا تُحتسب إلا إجابتك الأخيرة.'
        : `يمكنك الإجابة حتى ${f.count(allowance.count)} ${f.plural(allowance.count, { few: 'مرات', other: 'مرة' })} خلال ${f.duration(allowance.seconds)}، ولا تُحتسب إلا إجابتك الأخيرة.`,
    kept: (days, hasClosing) =>
      days === null
        ? 'تُحفظ كل الإجابات، حتى التي استُبدلت. ويمكنك حذف إجاباتك بملف تعريف الارتباط أو بالرمز الذي قدمتها به.'
        : `تُحذف كل الإجابات بعد إغلاق الميزانية بـ ${f.count(days)} ${f.plural(days, { few: 'أيام', other: 'يومًا' })}.${hasClosing ? '' : ' لم يُحدد موعد الإغلاق بعد.'} أما النتائج فتبقى.`,
    withoutCookie:
      'من دون ملف تعريف الارتباط تُحتسب كل إجابة وحدها، ولا يستطيع أحد أن يجدها ليغيرها أو يحذفها.',
    more: 'ما الذي يُحفظ، وما هي حقوقك',
  },

  budget: {
    amount: (amount) => `${amount} في المجموع`,
    about: 'عن هذه الأرقام',
    notOpenYet: (opens) =>
      opens === null ? 'لم تُفتح هذه الاستشارة بعد.' : `تُفتح هذه الاستشارة في ${opens}.`,
    open: (closes) => (closes === null ? 'يمكنك المشاركة الآن.' : `يمكنك المشاركة حتى ${closes}.`),
    closed: (closed) => (closed === null ? 'هذه الاستشارة مغلقة.' : `أُغلقت هذه الاستشارة في ${closed}.`),
    paused: 'هذه الاستشارة متوقفة مؤقتًا. عُد لاحقًا؛ كل الإجابات السابقة محفوظة.',
    unknown: (slug) => `لا توجد ميزانية باسم «${slug}».`,
    noneOpen: 'لا توجد استشارة مفتوحة الآن.',
    others: 'الموجود:',
  },

  budgets: {
    heading: 'أي استشارة تريد أن ترى؟',
    participants: (people) =>
      f.plural(people, {
        zero: 'لا مشاركين',
        one: 'مشارك واحد',
        two: 'مشاركان',
        few: `${f.count(people)} مشاركين`,
        many: `${f.count(people)} مشاركًا`,
        other: `${f.count(people)} مشارك`,
      }),
  },

  visibility: {
    heading: 'لا تظهر المتوسطات بعد',
    afterTakingPart: 'ستراها بعد أن تشارك، حتى لا تؤثر في إجابتك.',
    afterClosing: (closes) =>
      closes === null
        ? 'يراها الجميع عند إغلاق الاستشارة.'
        : `يراها الجميع عند إغلاق الاستشارة في ${closes}.`,
    remember: 'اختر «تذكّرني على هذا الجهاز» عند الإرسال: بدون ذلك لا شيء يدل لاحقًا على أنك شاركت.',
  },

  exclusions: {
    heading: 'الإجابات المستبعدة',
    excluded: (count, reason) =>
      `${f.plural(count, {
        zero: 'لم تُستبعد أي إجابة',
        one: 'استُبعدت إجابة واحدة',
        two: 'استُبعدت إجابتان',
        few: `استُبعدت ${f.count(count)} إجابات`,
        many: `استُبعدت ${f.count(count)} إجابة`,
        other: `استُبعدت ${f.count(count)} إجابة`,
      })}: ${reason}`,
    own: (reason) => `استبعدها المنظمون من المتوسطات: ${reason}`,
  },

  preview: {
    heading: 'معاينة: لا شيء يُحتسب',
    text: 'هذه هي الاستمارة كما يراها المشاركون. ما توزّعه هنا لا يُرسل ولا يُحفظ.',
    checked: 'الإجابة كاملة. في الاستمارة الحقيقية كانت ستُرسل الآن.',
  },

  projector: {
    open: 'العرض على شاشة كبيرة',
    takePart: 'امسح الرمز للمشاركة',
    seeResults: 'امسح الرمز لرؤية النتائج',
    qrCode: (address) => `رمز QR للعنوان ${address}`,
    real: words.real,
  },

  embedded: {
    newTab: '(يُفتح في علامة تبويب جديدة)',
  },

  result: {
    heading: 'إجابة واحدة',
    about: (budgetTitle) => `إجابة عن «${budgetTitle}»`,
    submitted: (when) => `أُرسلت في ${when}.`,
    counts: 'محسوبة في المتوسطات.',
    replaced: 'حلّت محلها إجابة لاحقة ولم تعد محسوبة.',
    unknownHeading: 'لا توجد إجابة كهذه',
    unknown: 'لا شيء محفوظ تحت هذا العنوان. تأكد من أن الرابط كامل؛ كل حرف مهم.',
    takePart: 'قل كيف تنفقها أنت',
  },

  history: {
    heading: words.history,
    intro: 'تُحفظ كل الإجابات، ولا تُحتسب لكل ميزانية إلا الأخيرة.',
    none: 'لا شيء هنا بعد. تظهر الإجابات هنا إذا اخترت عند الإرسال أن نتذكرك على هذا الجهاز. ولا تظهر هنا الإجابات المقدمة برمز.',
    takePart: 'قل كيف تنفقها أنت',
    counts: 'محسوبة',
    replaced: 'استُبدلت',
    revise: 'عدّل',
    open: 'النتيجة',
    older: 'اعرض الأقدم',
  },

  myData: {
    heading: 'بياناتك',
    text: 'يمكنك تنزيل كل ما يحفظه هذا الخادم تحت ملف تعريف الارتباط في هذا المتصفح، أو حذفه.',
    download: 'تنزيل بياناتي (JSON)',
    erase: 'احذف كل إجاباتي',
    sure: 'أتحذف كل إجاباتك؟',
    consequences:
      'تُحذف إجاباتك الآن في كل الميزانيات، ويُحذف ملف تعريف الارتباط أيضًا. لا يمكن التراجع عن ذلك.',
    averages:
      'قد تبقى الإجابة المحذوفة في المتوسطات المنشورة مدة أطول: فهي لا تخرج منها إلا مع إجابات أخرى غُيّرت أو حُذفت.',
    yes: 'احذفها الآن',
    no: 'أبقِها',
    erasing: 'يجري الحذف…',
    erased: 'حُذفت إجاباتك',
    erasedText: (count) => `عدد الإجابات المحذوفة: ${f.count(count)}.`,
    nothingErased: 'لم يكن هناك ما يُحذف',
    code: 'احذف إجابة رمز',
    codeText:
      'إذا أجبت برمز فاحذف الإجابة به. ولا يمكن بالرمز عرض إجابة أو تنزيلها. ويمكن استعماله من جديد ما دامت الميزانية مفتوحة.',
    codeBudget: 'الميزانية',
    codeField: 'الرمز',
    eraseCode: 'احذف الإجابة',
  },

  unknownPage: {
    heading: 'هذه الصفحة غير موجودة',
    text: 'ربما كُتب العنوان خطأً أو انقطع الرابط.',
  },

  brokenPage: {
    heading: 'تعذّر عرض هذه الصفحة',
    part: 'تعذّر عرض هذا الجزء',
    text: 'تعذّر تحميل جزء منها أو حدث فيه خلل. ما أرسلته محفوظ.',
    reload: words.reload,
  },

  problem: {
    rateLimited: 'إجابات كثيرة جدًا',
    tryLater: 'حاول مرة أخرى لاحقًا.',
    tryAt: (wait, at) => `يمكنك المحاولة مرة أخرى بعد ${wait}، في الساعة ${at}.`,
    notOpen: 'لا تُقبل الإجابات الآن',
    notOpenText: 'لم تُفتح الاستشارة بعد، أو أنها متوقفة مؤقتًا، أو أُغلقت.',
    busy: 'الخادم مشغول',
    busyText: 'لم يُحفظ شيء. حاول مرة أخرى بعد قليل.',
    unavailable: 'لا يستطيع الخادم حفظ الإجابات الآن',
    unavailableText: 'حاول مرة أخرى بعد قليل. هذا آمن: لا يمكن أن تُحتسب الإجابة نفسها مرتين.',
    noAnswer: 'لا رد من الخادم',
    noAnswerText: 'تحقق من اتصالك وحاول مرة أخرى. هذا آمن: لا يمكن أن تُحتسب الإجابة نفسها مرتين.',
    notAccepted: 'لم يقبل الخادم هذا',
    other: 'لم ينجح ذلك',
  },
})
