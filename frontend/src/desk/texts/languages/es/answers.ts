import type { Format } from '../../../../texts/format'
import type { answers as english } from '../en/answers'

export const answers = (f: Format): ReturnType<typeof english> => ({
  answers: {
    never: 'Cada respuesta es una línea. Aquí nadie ve de quién es; su hora está redondeada.',
    filters: 'Filtros',
    since: 'Desde',
    until: 'Hasta',
    state: 'Estado',
    states: { any: 'Todas', counted: 'No excluidas', excluded: 'Excluidas' },
    category: 'Por la parte de una partida',
    anyCategory: 'Da igual',
    least: 'Al menos, en por ciento',
    most: 'Como máximo, en por ciento',
    apply: 'Filtrar',
    caption: 'Respuestas, primero las más nuevas',
    hour: 'Hora',
    shares: 'Partes',
    action: 'Acción',
    none: 'No hay respuestas.',
    excluded: 'Excluida',
    counts: 'Cuenta',
    exclude: 'Excluir',
    excludeOne: 'Excluir esta respuesta',
    excludeCohort: 'Excluir este grupo de respuestas',
    excludeText: 'Se saca de todos los resultados. La página pública dice cuántas se excluyeron y el motivo.',
    reason: 'Motivo',
    exclusions: 'Exclusiones',
    noExclusions: 'No se ha excluido nada.',
    count: 'Respuestas',
    by: 'Por',
    at: 'Cuándo',
    inForce: 'Vigente',
    undo: 'Deshacer la exclusión',
    undoQuestion: (count: number) =>
      f.plural(count, {
        one: 'La respuesta cuenta otra vez.',
        other: `Las ${f.count(count)} respuestas cuentan otra vez.`,
      }),
    undone: (time: string, by: string) => `Deshecha el ${time} por ${by}`,
    cohorts: 'Grupos llamativos',
    cohortsText: 'Muchas voces nuevas de una hora tienen algo en común. Cuentan hasta que usted las excluya.',
    cohortKinds: { NETWORK: 'Una red', ALLOCATION: 'Las mismas partes' },
    excludedOf: (excluded: number, voices: number) => `${f.count(excluded)} de ${f.count(voices)} excluidas`,
    noAddress:
      'Con una respuesta no se guarda ninguna dirección, así que nadie sabe cuáles vinieron de esta red.',
    noCohorts: 'Ningún grupo llama la atención.',
    kind: 'En común',
    voices: 'Voces',
    exporting: (written, of) => `${f.count(written)} de ${f.count(of)} respuestas`,
    exported: (count) =>
      `Guardado: ${f.count(count)} ${f.plural(count, { one: 'respuesta', many: 'de respuestas', other: 'respuestas' })}.`,
    exportFailed:
      'El archivo no se guardó: se cortó la conexión o el servidor lo rechazó. Inténtelo de nuevo.',
    exportCancelled: 'Cancelado. No se guardó nada.',
    downloads: 'Descargas',
    downloadsText:
      'Todas las respuestas sin nada que lleve a una persona, con números como los escribe su idioma.',
    csv: 'Hoja de cálculo (CSV)',
    jsonl: 'Para programas (JSON Lines)',
    dictionary: 'Qué significa cada columna (CSV)',
  },
})
