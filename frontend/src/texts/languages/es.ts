import type { Format } from '../format'
import type { Texts } from '../languages'
import * as words from '../../../../locales/es.json'

export const texts = (f: Format): Texts => ({
  site: {
    name: words.name,
    skip: 'Ir al contenido',
    navigation: 'Páginas',
    participate: 'Participar',
    aggregate: 'Promedios',
    history: 'Historial',
    privacy: words.privacy,
    footer: 'Acerca de este sitio',
    language: 'Idioma',
    languageFailed: (name) =>
      `No se ha podido cargar: ${name}. Inténtelo otra vez o vuelva a cargar la página.`,
    loading: 'Cargando…',
    retry: 'Volver a intentarlo',
  },

  connection: {
    connecting: 'Conectando',
    live: 'En vivo',
    polling: 'Actualizando',
    reconnecting: 'Reconectando',
    offline: 'Sin conexión',
  },

  form: {
    heading: 'Su reparto',
    intro:
      'Dé a cada partida su parte hasta que no quede nada. Ninguna partida mueve a otra: lo que da a una sale de lo que queda.',
    welcomeBack: 'Le damos la bienvenida de nuevo',
    remembered:
      'Abajo está su última respuesta. Cambie lo que quiera y envíela otra vez: entonces contará la nueva.',
    startFrom: 'Empezar desde:',
    starts: {
      zero: 'cero',
      equal: 'partes iguales',
      actual: 'el presupuesto real',
      latest: 'mi última respuesta',
      ofThisTab: 'mi respuesta de esta pestaña',
    },
    less: (label) => `${label}: ${f.percent(100)} menos`,
    more: (label) => `${label}: ${f.percent(100)} más`,
    slider: (label) => `${label}, deslizador`,
    sliderValue: (share, money, left) => {
      const amount = money === undefined ? f.percent(share) : `${f.percent(share)}, ${money}`
      if (left === 0) return `${amount}. Repartido el ${f.percent(10_000)}.`
      return left > 0
        ? `${amount}. Queda por repartir: ${f.percent(left)}`
        : `${amount}. Sobra un ${f.percent(-left)}`
    },
    lock: (label) => `Bloquear ${label}`,
    left: 'Por repartir',
    tooMuch: 'Repartido de más',
    leftSentence: (left) => {
      if (left === 0) return `Repartido el ${f.percent(10_000)}.`
      return left > 0 ? `Queda por repartir: ${f.percent(left)}` : `Sobra un ${f.percent(-left)}`
    },
    rebalance: `Llevar las partidas al ${f.percent(10_000)}`,
    restTo: (label) => `El resto a ${label}`,
    excessOff: (label) => `Quitarlo de ${label}`,
    spread: 'Repartir el resto por igual',
    takeOff: 'Quitar lo que sobra por igual',
    inProportion: 'Repartirlo en proporción',
    scale: `Ajustar todo al ${f.percent(10_000)}`,
    obstacles: {
      'all-locked': `Todas las partidas están bloqueadas. Desbloquee una para llegar al ${f.percent(10_000)}.`,
      'locked-over': `Las partidas bloqueadas por sí solas superan el ${f.percent(10_000)}. Desbloquee o reduzca alguna.`,
    },
    undo: 'Deshacer',
    submit: 'Enviar',
    revise: 'Enviar el cambio',
    sending: 'Enviando…',
    working:
      'Un momento: muchas personas responden desde su red, así que su dispositivo hace antes un breve cálculo.',
    invalidHeading: 'Aún no se ha enviado',
    unreadable: (label) => `${label}: escriba un número de 0 a 100 con dos decimales como máximo.`,
    share: {
      'not-a-number': 'Esto no es un número. Escriba, por ejemplo, 12,5 o 12.5.',
      negative: 'Una parte no puede ser menor que 0.',
      'too-many-decimals': 'Dos decimales como máximo.',
      'over-100': 'Una parte no puede superar 100.',
    },
    mustBeWhole: (left) =>
      left > 0
        ? `Las partidas deben sumar ${f.percent(10_000)}. Queda un ${f.percent(left)} por repartir.`
        : `Las partidas deben sumar ${f.percent(10_000)}. Ha repartido un ${f.percent(-left)} de más.`,
    counted: 'Contada.',
    countedRemembered: (until) =>
      until === null
        ? 'Puede cambiarla desde este navegador mientras la consulta esté abierta.'
        : `Puede cambiarla desde este navegador hasta el ${until}.`,
    countedAnonymous: 'Se ha contado sin cookie, por lo que no se podrá cambiar después.',
    countedNoCookie:
      'Este navegador no ha guardado ninguna cookie, por lo que no se podrá cambiar después. Otra respuesta desde aquí contaría como la de otra persona.',
    countedByCode: (until) =>
      until === null
        ? 'Puede cambiarla con su código desde cualquier dispositivo mientras la consulta esté abierta.'
        : `Puede cambiarla con su código desde cualquier dispositivo hasta el ${until}.`,
    countedUnchecked:
      'No se ha podido comprobar si este navegador ha guardado la cookie. Vuelva a cargar la página: si la guardó, su respuesta estará ahí para cambiarla.',
    change: 'Cambiar mi respuesta',
    another: 'Respuesta de otra persona',
    answered: 'Ya ha respondido',
    answeredText:
      'Su respuesta se envió desde esta pestaña sin cookie: cuenta y no se puede cambiar. Quien responda ahora desde aquí contará como otra persona.',
    replaced: 'Sustituye a su respuesta anterior.',
    shownWithGroup: (every) =>
      `Se mostrará con el próximo grupo de ${f.count(every)} respuestas, para que nadie pueda distinguirla de las demás.`,
    changeShown: (every) =>
      `Si los promedios ya incluyen su respuesta anterior, solo cambian cuando se hayan cambiado o borrado al menos ${f.count(every)} respuestas como esa. Si no, la nueva se mostrará con el próximo grupo de ${f.count(every)} respuestas.`,
    resultLink: 'Su resultado, con un enlace para compartir',
  },

  code: {
    heading: 'Introduzca su código',
    who: 'Pueden participar todas las personas que han recibido un código. Cada código cuenta una sola vez; con él puede cambiar su respuesta desde cualquier dispositivo.',
    label: 'Su código',
    help: '15 letras y cifras, tal como las recibió. Las mayúsculas, los guiones y los espacios no importan.',
    enter: 'Continuar',
    checking: 'Comprobando…',
    accepted: 'Su código es válido',
    another: 'Usar otro código',
    hasAnswered:
      'Ya se respondió con este código. La respuesta no se muestra aquí, porque un código por sí solo no debe bastar para leer una respuesta. Si vuelve a enviar, contará en su lugar la nueva respuesta.',
    ofThisTab:
      'Abajo está la respuesta que dio en esta pestaña. Si después la cambió en otro lugar, cuenta esa última. Si vuelve a enviar, contará en su lugar la nueva respuesta.',
    empty: 'Introduzca su código.',
    notFound: 'No se ha encontrado este código',
    noCode: 'Esto no es un código. Compare cada letra y cada cifra con lo que recibió.',
    unknown:
      'Este código no existe para este presupuesto. Compárelo con lo que recibió o pregunte a quien se lo envió.',
    tooMany: 'Han llegado demasiados códigos incorrectos desde esta red.',
  },

  consent: {
    question: '¿Puede este navegador recordarle?',
    yes: 'Recordarme en este dispositivo',
    no: 'Sin cookie',
    effects: {
      yes: 'Una cookie le permite ver sus respuestas y cambiar esta.',
      no: 'Su voz cuenta igual; no se podrá cambiar después.',
    },
    unchosen: 'Si no elige nada, no se guarda ninguna cookie.',
  },

  share: {
    copy: 'Copiar el enlace',
    copied: 'Copiado',
    share: 'Compartir…',
  },

  receipt: {
    heading: 'Su recibo de impuestos',
    private: 'Lo que escriba aquí no sale de esta página ni se guarda.',
    income: (currency) => `Sus ingresos anuales en ${currency}`,
    taxes: (currency) => `Los impuestos que paga al año, en ${currency}`,
    wrong: 'Escriba una cantidad entera, por ejemplo 45000.',
    paid: (tax, income) => `${tax} de impuestos al año sobre ${income}`,
    paidInAll: (tax) => `${tax} de impuestos al año`,
    line: 'Partida',
    mine: 'Según su respuesta',
    real: 'Presupuesto real',
    difference: 'Diferencia',
    same: 'igual',
    more: (amount) => `${amount} más`,
    less: (amount) => `${amount} menos`,
    total: 'En total',
    print: 'Imprimir',
  },

  results: {
    heading: 'Todos, en vivo',
    averages: 'Promedios, en vivo',
    averagesAtEnd: 'Promedios',
    mine: 'Yo',
    submission: 'Esta',
    everyone: 'Todos',
    real: 'Real',
    line: 'Partida',
    none: 'Aún no ha participado nadie.',
    noneShown: (every, missing) =>
      `Los promedios se muestran a partir de ${f.count(every)} respuestas, para que nadie pueda deducir una sola. ${f.plural(missing, { one: 'Falta', many: 'Faltan', other: 'Faltan' })} ${f.count(missing)}.`,
    partShown: (shown, missing) =>
      `Los promedios incluyen ${f.count(shown)} ${f.plural(shown, { one: 'respuesta', many: 'de respuestas', other: 'respuestas' })}. El próximo grupo se mostrará después de ${f.count(missing)} ${f.plural(missing, { one: 'respuesta nueva', many: 'de respuestas nuevas', other: 'respuestas nuevas' })} como máximo.`,
    removedShown: 'Los promedios aún incluyen respuestas que se han borrado o excluido.',
    restHeldBack: (heldBack) =>
      `Al menos ${f.count(heldBack)} ${f.plural(heldBack, { one: 'respuesta está contada pero no entra', many: 'de respuestas están contadas pero no entran', other: 'respuestas están contadas pero no entran' })} en los promedios: siendo tan pocas, se podrían deducir.`,
    counts: (people, submissions) =>
      `${f.count(people)} ${f.plural(people, { one: 'participante', many: 'de participantes', other: 'participantes' })}, ${f.count(submissions)} ${f.plural(submissions, { one: 'respuesta', many: 'de respuestas', other: 'respuestas' })}`,
    asOf: (time) => `a las ${time}`,
    stateAsOf: (state, time) => `${state}, a las ${time}`,
    pause: 'Pausar',
    paused: (time, missed) =>
      missed === 0
        ? `En pausa desde las ${time}`
        : `En pausa desde las ${time}, ${f.count(missed)} ${f.plural(missed, { one: 'actualización nueva', many: 'de actualizaciones nuevas', other: 'actualizaciones nuevas' })}`,
    polling: 'Aquí las conexiones en vivo están bloqueadas: los datos se piden cada 5 segundos.',
    stale: 'Los datos pueden estar anticuados: ahora mismo no se puede acceder a la base de datos.',
    scale: (end) => `Escalas: de 0 a ${f.percent(end)}`,
    selfSelected: 'Participa quien quiere: esto no es una encuesta representativa.',
    waiting: 'Esperando los primeros datos…',
    view: 'Mostrar como',
    chart: 'Gráfico',
    table: 'Tabla',
    sortBy: 'Ordenar por',
    orders: {
      budget: 'orden del presupuesto',
      size: 'tamaño',
      gap: 'distancia al presupuesto',
    },
    gaps: (subject, answer, people) => {
      const points = (gap: number) =>
        `${f.points(Math.abs(gap))} ${f.pluralPoints(Math.abs(gap), { one: 'punto', other: 'puntos' })} ${gap > 0 ? 'más' : 'menos'}`
      const gives = subject === 'mine' ? 'Usted da' : 'Esta respuesta da'
      if (answer !== undefined && people !== undefined && answer === -people)
        return answer === 0
          ? `${gives} lo mismo que el promedio y que el presupuesto.`
          : `${gives} ${points(answer)} que el promedio, igual que el presupuesto.`
      const own =
        answer === undefined
          ? ''
          : answer === 0
            ? `${gives} lo mismo que el promedio.`
            : `${gives} ${points(answer)} que el promedio.`
      const all =
        people === undefined
          ? ''
          : people === 0
            ? 'En promedio, todos dan lo mismo que el presupuesto.'
            : `En promedio, todos dan ${points(people)} que el presupuesto.`
      return `${own} ${all}`.trim()
    },
    mineMinusEveryone: 'Respuesta frente a todos, puntos',
    everyoneMinusReal: 'Todos frente al presupuesto, puntos',
  },

  tiles: {
    lastChange: 'Último cambio',
    version: (version) =>
      `${f.count(version)} ${f.plural(version, { one: 'publicación', many: 'de publicaciones', other: 'publicaciones' })}`,
    widestGap: 'Mayor distancia al presupuesto',
    gap: (gap) =>
      `${f.points(Math.abs(gap))} ${f.pluralPoints(Math.abs(gap), { one: 'punto', other: 'puntos' })} ${gap > 0 ? 'más' : 'menos'} que el presupuesto`,
    mostAgreed: 'Mayor consenso',
    mostSplit: 'Mayor división',
    middleHalf: (from, to) =>
      from === to
        ? `La mitad de las personas o más da exactamente ${f.percent(from)}.`
        : `La mitad de las personas da entre ${f.percent(from)} y ${f.percent(to)}.`,
  },

  distribution: {
    none: 'Aún no se muestra nada.',
    median: (share) => `La mitad da ${f.percent(share)} o menos.`,
    middle: (from, to) => `La mitad central está entre ${f.percent(from)} y ${f.percent(to)}.`,
    spread: (points) =>
      `Las respuestas se alejan alrededor de ${f.points(points)} ${f.pluralPoints(points, { one: 'punto', other: 'puntos' })} del promedio.`,
    nothing: (count, share) =>
      count === 0
        ? 'Nadie deja esta partida a cero.'
        : `${f.count(count)} (${f.percent(share)}) no ${f.plural(count, { one: 'da', other: 'dan' })} nada.`,
    histogram: 'Cuántos dan cuánto',
    bin: (from, to, count) => `De ${f.percent(from)} a ${f.percent(to)}: ${f.count(count)}`,
  },

  download: {
    heading: 'Descargar:',
    csv: 'CSV',
    json: 'JSON',
    svg: 'Gráfico (SVG)',
    png: 'Gráfico (PNG)',
    failed: 'No se ha podido cargar. Inténtelo de nuevo en un momento o vuelva a cargar la página.',
  },

  howItWorks: {
    heading: 'Cómo funciona',
    shown: (every) =>
      every === 1
        ? 'Cada respuesta entra en los promedios al instante.'
        : `Las respuestas entran en los promedios en grupos de al menos ${f.count(every)}, para que nadie pueda deducir una sola de la diferencia entre dos resultados. El número de participantes está siempre al día. Una respuesta que está en los promedios y después se cambia o se borra sale de ellos solo cuando salen juntas al menos ${f.count(every)} respuestas así${every > 3 ? `; tras el cierre, al menos ${f.count(3)}` : ''}. Hasta entonces permanece en ellos.`,
    who: {
      OPEN: 'Todo el mundo puede participar.',
      CODE: 'Puede participar quien ha recibido un código, y cada código es una voz.',
    },
    often: (allowance) =>
      allowance === null
        ? 'Puede responder tantas veces como quiera; solo cuenta su última respuesta.'
        : `Puede responder hasta ${f.count(allowance.count)} ${f.plural(allowance.count, { one: 'vez', other: 'veces' })} en ${f.duration(allowance.seconds)}; solo cuenta su última respuesta.`,
    kept: (days, hasClosing) =>
      days === null
        ? 'Se guardan todas las respuestas, también las sustituidas. Puede borrar las suyas con la cookie o el código con que las dio.'
        : `Todas las respuestas se borran ${f.count(days)} ${f.plural(days, { one: 'día', other: 'días' })} después del cierre del presupuesto.${hasClosing ? '' : ' Aún no hay fecha de cierre.'} Los resultados se quedan.`,
    withoutCookie:
      'Sin la cookie, cada respuesta cuenta por sí sola y nadie puede volver a encontrarla para cambiarla o borrarla.',
    more: 'Qué se guarda y cuáles son sus derechos',
  },

  budget: {
    amount: (amount) => `${amount} en total`,
    about: 'Sobre estas cifras',
    notOpenYet: (opens) =>
      opens === null ? 'Esta consulta aún no se ha abierto.' : `Esta consulta se abre el ${opens}.`,
    open: (closes) => (closes === null ? 'Ya puede participar.' : `Puede participar hasta el ${closes}.`),
    closed: (closed) =>
      closed === null ? 'Esta consulta está cerrada.' : `Esta consulta se cerró el ${closed}.`,
    paused: 'Esta consulta está en pausa. Vuelva más tarde; todas las respuestas dadas están a salvo.',
    unknown: (slug) => `No hay ningún presupuesto llamado «${slug}».`,
    noneOpen: 'En este momento no hay ninguna consulta abierta.',
    others: 'Existen estas:',
  },

  budgets: {
    heading: '¿Qué consulta quiere ver?',
    participants: (people) =>
      `${f.count(people)} ${f.plural(people, { one: 'participante', many: 'de participantes', other: 'participantes' })}`,
  },

  visibility: {
    heading: 'Los promedios aún no se muestran',
    afterTakingPart: 'Los verá en cuanto haya participado, para que no influyan en su respuesta.',
    afterClosing: (closes) =>
      closes === null
        ? 'Todos los verán cuando se cierre la consulta.'
        : `Todos los verán cuando se cierre la consulta, el ${closes}.`,
    remember:
      'Al enviar, elija «Recordarme en este dispositivo»: sin eso, nada indica después que ha participado.',
  },

  exclusions: {
    heading: 'Respuestas excluidas',
    excluded: (count, reason) =>
      `${f.plural(count, { one: 'Se excluyó', many: 'Se excluyeron', other: 'Se excluyeron' })} ${f.count(count)} ${f.plural(count, { one: 'respuesta', many: 'de respuestas', other: 'respuestas' })}: ${reason}`,
    own: (reason) => `Los organizadores la excluyeron de los promedios: ${reason}`,
  },

  preview: {
    heading: 'Vista previa: no se cuenta nada',
    text: 'Así ven el formulario los participantes. Lo que reparta aquí no se envía ni se guarda.',
    checked: 'La respuesta está completa. En el formulario real se enviaría ahora.',
  },

  projector: {
    open: 'Mostrar en pantalla grande',
    takePart: 'Escanee para participar',
    seeResults: 'Escanee para ver los resultados',
    qrCode: (address) => `Código QR de ${address}`,
    real: words.real,
  },

  embedded: {
    newTab: '(se abre en otra pestaña)',
  },

  result: {
    heading: 'Una respuesta',
    about: (budgetTitle) => `Una respuesta a «${budgetTitle}»`,
    submitted: (when) => `Enviada el ${when}.`,
    counts: 'Cuenta en los promedios.',
    replaced: 'Fue sustituida por otra posterior y ya no cuenta.',
    unknownHeading: 'Esta respuesta no existe',
    unknown:
      'No hay nada guardado en esta dirección. Compruebe que el enlace esté completo; cada carácter cuenta.',
    takePart: 'Diga en qué lo gastaría usted',
  },

  history: {
    heading: words.history,
    intro: 'Se guardan todas las respuestas; en cada presupuesto solo cuenta la última.',
    none: 'Aún no hay nada. Las respuestas aparecen aquí si al enviar elige «Recordarme en este dispositivo». Las que se dieron con un código no aparecen.',
    takePart: 'Diga en qué lo gastaría usted',
    counts: 'Cuenta',
    replaced: 'Sustituida',
    revise: 'Cambiar',
    open: 'Resultado',
    older: 'Mostrar las anteriores',
  },

  myData: {
    heading: 'Sus datos',
    text: 'Puede descargar todo lo que este servidor guarda bajo la cookie de este navegador, o borrarlo.',
    download: 'Descargar mis datos (JSON)',
    erase: 'Borrar todas mis respuestas',
    sure: '¿Borrar todas sus respuestas?',
    consequences:
      'Sus respuestas se borran ahora, en todos los presupuestos, y también la cookie. No se puede deshacer.',
    averages:
      'Los promedios publicados pueden incluir una respuesta borrada durante más tiempo: solo sale de ellos junto con otras que se han cambiado o borrado.',
    yes: 'Borrarlas ahora',
    no: 'Conservarlas',
    erasing: 'Borrando…',
    erased: 'Sus respuestas están borradas',
    erasedText: (count) =>
      `Se ${f.plural(count, { one: 'ha borrado', other: 'han borrado' })} ${f.count(count)} ${f.plural(count, { one: 'respuesta', other: 'respuestas' })}.`,
    nothingErased: 'No había nada que borrar',
    code: 'Borrar la respuesta de un código',
    codeText:
      'Si respondió con un código, borre la respuesta con él. Solo con un código no se puede ver ni descargar ninguna respuesta. El código vuelve a valer mientras el presupuesto esté abierto.',
    codeBudget: 'Presupuesto',
    codeField: 'Código',
    eraseCode: 'Borrar la respuesta',
  },

  unknownPage: {
    heading: 'Esta página no existe',
    text: 'Puede que la dirección esté mal escrita o que el enlace esté cortado.',
  },

  brokenPage: {
    heading: 'No se ha podido mostrar esta página',
    part: 'No se ha podido mostrar esta parte',
    text: 'Una parte no se pudo cargar o ha fallado. Lo que envió está a salvo.',
    reload: words.reload,
  },

  problem: {
    rateLimited: 'Demasiadas respuestas',
    tryLater: 'Vuelva a intentarlo más tarde.',
    tryAt: (wait, at) => `Puede volver a intentarlo dentro de ${wait}, a las ${at}.`,
    notOpen: 'Ahora no se admiten respuestas',
    notOpenText: 'La consulta aún no se ha abierto, está en pausa o ya se ha cerrado.',
    busy: 'El servidor está ocupado',
    busyText: 'No se ha guardado nada. Vuelva a intentarlo en un momento.',
    unavailable: 'El servidor no puede guardar respuestas ahora',
    unavailableText:
      'Vuelva a intentarlo en un momento. Es seguro: la misma respuesta no puede contar dos veces.',
    noAnswer: 'El servidor no responde',
    noAnswerText:
      'Compruebe su conexión y vuelva a intentarlo. Es seguro: la misma respuesta no puede contar dos veces.',
    notAccepted: 'El servidor no lo ha aceptado',
    other: 'No ha funcionado',
  },
})
