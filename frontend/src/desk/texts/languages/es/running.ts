import type { Format } from '../../../../texts/format'
import type { running as english } from '../en/running'

export const running = (f: Format): ReturnType<typeof english> => ({
  running: {
    hidden: 'Las medias están ocultas hasta que las reglas del presupuesto las muestren, también aquí.',
    ready: 'Este presupuesto se puede abrir',
    publishEvery: (count: number) =>
      `Se muestran medias nuevas cuando han llegado al menos ${f.count(count)} respuestas, para que nadie pueda deducir una sola. El resto se muestra al cerrar, si son más de dos respuestas. En una clase o para una prueba, elija un número menor. Cuando alguien ha respondido, solo puede subir.`,
    changeNumber: 'Cambiar el número',
    open: 'Abrir',
    openQuestion:
      'Desde ahora se puede responder. Con la primera respuesta se congela lo que cambiaría el sentido de las respuestas.',
    pause: 'Pausar el presupuesto',
    resume: 'Continuar',
    close: 'Cerrar',
    closeQuestion: 'Ya no se admiten respuestas y se muestran los resultados finales. No se puede deshacer.',
    archive: 'Archivar',
    unarchive: 'Sacar del archivo',
    remove: 'Borrar',
    removeQuestion: 'Se borra el borrador. No se puede deshacer.',
    duplicate: 'Duplicar',
    projector: 'Vista para proyector',
    publicPage: 'Página para participantes',
    attention: 'Necesita su atención',
    attentionKinds: {
      FLAGS: 'Muchas voces nuevas tienen algo en común. Mire los grupos marcados bajo las respuestas.',
      CLOSES_SOON: 'El presupuesto se cierra en menos de 24 horas.',
      DRIFT: 'Las medias difieren de un recuento. Reconstrúyalas en la pantalla de operaciones.',
      STORAGE: 'La base de datos no responde. Las respuestas esperan hasta entonces.',
    },
    figures: 'Cómo va',
    noFigures: 'Las cifras aún no están.',
    participants: 'Participantes',
    submissions: 'Envíos',
    shown: 'En las medias',
    revised: 'Han corregido',
    lastFiveMinutes: 'En los últimos 5 minutos',
    completion: 'Terminan el formulario',
    perMinute: (sum: number, most: number) =>
      `${f.count(sum)} envíos en la última hora, ${f.count(most)} en un minuto como máximo`,
    languages: 'Idiomas:',
    results: 'Medias',
    schedule: 'Calendario',
    opensAt: 'Abre',
    closesAt: 'Cierra',
    opensByHand: 'Vacío: usted lo abre a mano.',
    closesByHand: 'Vacío: usted lo cierra a mano.',
    inYourZone: (time: string, zone: string) => `En su zona horaria (${zone}): ${time}`,
    twice: (offset: string) =>
      `Los relojes se atrasan y muestran esta hora dos veces. Es la de UTC${offset}.`,
    timeZone: 'Zona horaria de estas horas',
    timeZoneHint: 'Donde empieza o termina el horario de verano, se rechaza una hora que no existe.',
    saveSchedule: 'Guardar el calendario',
  },

  share: {
    draft: 'El enlace lleva al presupuesto en cuanto esté programado o abierto.',
    poster: 'Cartel',
    qr: (url: string) => `Código QR de ${url}`,
    language: 'Idioma del cartel y del mensaje',
    print: 'Imprimir el cartel',
    saveQr: 'Guardar el código QR (SVG)',
    link: 'Enlace',
    post: 'Texto para un mensaje',
    iframe: 'Texto del marco',
    frame: 'Resultados en otra página',
    frameText:
      'Pegue este texto en una página de otro sitio. Muestra los promedios en directo, hasta donde todos pueden verlos, con un enlace para participar. No crea ninguna cookie.',
    view: 'En el marco',
    views: { RESULTS: 'Los resultados, en directo', FORM_LINK: 'La pregunta y el enlace' },
    frameOfDraft: 'El marco se muestra aquí cuando el presupuesto deja de ser un borrador.',
  },

  preview: {
    text: 'La página como la ven los participantes. Aquí no se cuenta nada.',
    language: 'Idioma',
    width: 'Pantalla',
    widths: { phone: 'Teléfono', desktop: 'Ordenador' },
    frame: 'Vista previa de la página',
  },
})
