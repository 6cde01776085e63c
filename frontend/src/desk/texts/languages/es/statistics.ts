import type { Format } from '../../../../texts/format'
import type { statistics as english } from '../en/statistics'

export const statistics = (f: Format): ReturnType<typeof english> => ({
  statistics: {
    heading: 'Estadísticas de todos los presupuestos',
    totals: 'Totales',
    span: 'Periodo',
    lastDays: (days) => `Los últimos ${days} días`,
    days: 'Respuestas por día (UTC)',
    sumOfDays: (sum, days) =>
      `${f.count(sum)} ${f.plural(sum, { one: 'respuesta', many: 'de respuestas', other: 'respuestas' })} en ${f.count(days)} días`,
    day: 'Día',
    submissions: 'Respuestas',
    anonymous: 'De ellas, sin «recordarme»',
    noDays: 'No hubo respuestas en este periodo.',
    averages: 'Promedios por partida',
    noAverages: 'Todavía no hay promedios publicados.',
    category: 'Partida',
    average: 'Promedio',
    revisions: 'Cuántas veces respondió cada persona',
    revisionsText:
      'Personas a las que el servidor recuerda o que tienen un código. Cada vez después de la primera es un cambio.',
    revised: 'Participantes que cambiaron su respuesta',
    times: 'Veces',
    participants: 'Participantes',
    noRevisions: 'El servidor aún no recuerda a nadie.',
    budget: 'Presupuesto',
    noBudgets: 'No hay presupuestos.',
  },
})
