import type { Format } from '../../../../texts/format'
import type { operations as english } from '../en/operations'

export const operations = (f: Format): ReturnType<typeof english> => ({
  operations: {
    heading: 'Funcionamiento',
    database: (kind: string) => `Base de datos (${kind})`,
    ok: 'responde',
    away: 'no responde',
    notConfigured: 'No configurado',
    queue: 'Envíos en espera',
    foldLag: 'Edad del cambio más antiguo que no está en las medias',
    pendingDeltas: 'Cambios que no están en las medias',
    snapshotAge: 'Edad de las medias más nuevas',
    size: 'Tamaño de la base de datos',
    reads: 'Lecturas: memoria / Redis / tabla / recuento',
    ms: (count: string) => `${count} ms`,
    megabytes: (count: string) => `${count} MB`,
    nodes: 'Nodos',
    node: 'Nodo',
    role: 'Papel',
    version: 'Versión',
    started: 'Arrancado',
    seen: 'Última vez',
    connections: 'Conexiones',
    streams: 'Flujos',
    noNodes: 'Ningún nodo se ha anunciado todavía.',
    jobs: 'Tareas',
    verify: 'Comprobar las medias',
    rebuild: 'Recalcular las medias',
    rebuildQuestion:
      'Todas las respuestas se cuentan de nuevo y las medias se corrigen donde difieran. Nadie nota nada.',
    kind: 'Tarea',
    kinds: {
      VERIFY: 'Comprobar',
      REBUILD: 'Recalcular',
      RETENTION: 'Borrar respuestas antiguas',
    },
    created: 'Encargada',
    attempts: 'Intentos',
    outcome: 'Resultado',
    outcomes: {
      NO_DRIFT: (count: number) =>
        f.plural(count, {
          one: 'las medias de un presupuesto son exactas',
          other: `las medias de ${f.count(count)} presupuestos son exactas`,
        }),
      DRIFT: (_: number, budgets: string) => `las medias difieren de las respuestas: ${budgets}`,
      REBUILT: (count: number) =>
        count === 0
          ? 'ninguna media difería'
          : f.plural(count, {
              one: 'las medias de un presupuesto diferían y se han corregido',
              other: `las medias de ${f.count(count)} presupuestos diferían y se han corregido`,
            }),
      DELETED: (count: number) =>
        f.plural(count, {
          one: 'se borró una respuesta',
          other: `se borraron ${f.count(count)} respuestas`,
        }),
      UNKNOWN_BUDGET: (_: number, budget: string) => `no existe el presupuesto ${budget}`,
      ATTEMPTS_EXHAUSTED: (count: number) =>
        f.plural(count, {
          one: 'el intento no llegó a su fin',
          other: `ninguno de ${f.count(count)} intentos llegó a su fin`,
        }),
    },
    noJobs: 'Todavía no hubo ninguna tarea.',
    waiting: 'espera',
    running: 'en marcha',
    done: 'hecha',
    failed: 'fallida',
    progress: 'Progreso',
    of: (done: string, total: string) => `${done} de ${total}`,
    retry: 'Intentarlo de nuevo',
  },
})
