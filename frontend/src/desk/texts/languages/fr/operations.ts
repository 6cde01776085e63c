import type { Format } from '../../../../texts/format'
import type { operations as english } from '../en/operations'

export const operations = (f: Format): ReturnType<typeof english> => ({
  operations: {
    heading: 'Fonctionnement',
    database: (kind: string) => `Base de données (${kind})`,
    ok: 'répond',
    away: 'ne répond pas',
    notConfigured: 'Pas en place',
    queue: 'Envois en attente',
    foldLag: 'Âge du plus ancien changement qui n’est pas dans les moyennes',
    pendingDeltas: 'Changements qui ne sont pas dans les moyennes',
    snapshotAge: 'Âge des moyennes les plus récentes',
    size: 'Taille de la base de données',
    reads: 'Lectures : mémoire / Redis / table / recompte',
    ms: (count: string) => `${count} ms`,
    megabytes: (count: string) => `${count} Mo`,
    nodes: 'Nœuds',
    node: 'Nœud',
    role: 'Rôle',
    version: 'Version',
    started: 'Démarré',
    seen: 'Vu',
    connections: 'Connexions',
    streams: 'Flux',
    noNodes: 'Aucun nœud ne s’est encore annoncé.',
    jobs: 'Tâches',
    verify: 'Vérifier les moyennes',
    rebuild: 'Recalculer les moyennes',
    rebuildQuestion:
      'Toutes les réponses sont recomptées, et les moyennes corrigées là où elles diffèrent. Personne ne remarque rien.',
    kind: 'Tâche',
    kinds: {
      VERIFY: 'Vérifier',
      REBUILD: 'Recalculer',
      RETENTION: 'Effacer les anciennes réponses',
    },
    created: 'Demandée',
    attempts: 'Essais',
    outcome: 'Résultat',
    outcomes: {
      NO_DRIFT: (count: number) =>
        f.plural(count, {
          one: 'les moyennes d’un budget sont exactes',
          other: `les moyennes de ${f.count(count)} budgets sont exactes`,
        }),
      DRIFT: (_: number, budgets: string) => `les moyennes diffèrent des réponses : ${budgets}`,
      REBUILT: (count: number) =>
        count === 0
          ? 'aucune moyenne ne différait'
          : f.plural(count, {
              one: 'les moyennes d’un budget différaient et sont corrigées',
              other: `les moyennes de ${f.count(count)} budgets différaient et sont corrigées`,
            }),
      DELETED: (count: number) =>
        f.plural(count, {
          one: `${f.count(count)} réponse a été effacée`,
          other: `${f.count(count)} réponses ont été effacées`,
        }),
      UNKNOWN_BUDGET: (_: number, budget: string) => `il n’y a pas de budget ${budget}`,
      ATTEMPTS_EXHAUSTED: (count: number) =>
        f.plural(count, {
          one: 'l’essai n’est pas arrivé à son terme',
          other: `aucun des ${f.count(count)} essais n’est arrivé à son terme`,
        }),
    },
    noJobs: 'Il n’y a pas encore eu de tâche.',
    waiting: 'attend',
    running: 'en cours',
    done: 'faite',
    failed: 'échouée',
    progress: 'Avancement',
    of: (done: string, total: string) => `${done} sur ${total}`,
    retry: 'Réessayer',
  },
})
