import type { Format } from '../../../../texts/format'
import type { answers as english } from '../en/answers'

export const answers = (f: Format): ReturnType<typeof english> => ({
  answers: {
    never: 'Chaque réponse est une ligne. Personne ne voit ici de qui elle est ; son heure est arrondie.',
    filters: 'Filtres',
    since: 'Du',
    until: 'Au',
    state: 'État',
    states: { any: 'Toutes', counted: 'Non exclues', excluded: 'Exclues' },
    category: 'Par la part d’un poste',
    anyCategory: 'Peu importe',
    least: 'Au moins, en pour cent',
    most: 'Au plus, en pour cent',
    apply: 'Filtrer',
    caption: 'Réponses, les plus récentes d’abord',
    hour: 'Heure',
    shares: 'Parts',
    action: 'Action',
    none: 'Pas de réponses.',
    excluded: 'Exclue',
    counts: 'Compte',
    exclude: 'Exclure',
    excludeOne: 'Exclure cette réponse',
    excludeCohort: 'Exclure ce groupe de réponses',
    excludeText:
      'Elle sort de tous les résultats. La page publique dit combien ont été exclues, et la raison.',
    reason: 'Raison',
    exclusions: 'Exclusions',
    noExclusions: 'Rien n’a été exclu.',
    count: 'Réponses',
    by: 'Par',
    at: 'Quand',
    inForce: 'En vigueur',
    undo: 'Annuler l’exclusion',
    undoQuestion: (count: number) =>
      f.plural(count, {
        one: 'La réponse compte de nouveau.',
        other: `Les ${f.count(count)} réponses comptent de nouveau.`,
      }),
    undone: (time: string, by: string) => `Annulée le ${time} par ${by}`,
    cohorts: 'Groupes signalés',
    cohortsText:
      'Beaucoup de voix nouvelles d’une heure ont quelque chose en commun. Elles comptent jusqu’à ce que vous les excluiez.',
    cohortKinds: { NETWORK: 'Un réseau', ALLOCATION: 'Les mêmes parts' },
    excludedOf: (excluded: number, voices: number) => `${f.count(excluded)} sur ${f.count(voices)} exclues`,
    noAddress:
      'Aucune adresse n’est gardée avec une réponse : personne ne peut dire lesquelles viennent de ce réseau.',
    noCohorts: 'Aucun groupe n’est signalé.',
    kind: 'En commun',
    voices: 'Voix',
    exporting: (written, of) => `${f.count(written)} réponses sur ${f.count(of)}`,
    exported: (count) =>
      `Enregistré : ${f.count(count)} ${f.plural(count, { one: 'réponse', many: 'de réponses', other: 'réponses' })}.`,
    exportFailed:
      'Le fichier n’a pas été enregistré : la connexion a été coupée ou le serveur l’a refusé. Réessayez.',
    exportCancelled: 'Annulé. Rien n’a été enregistré.',
    downloads: 'Téléchargements',
    downloadsText:
      'Toutes les réponses sans rien qui mène à une personne, avec les nombres comme votre langue les écrit.',
    csv: 'Tableur (CSV)',
    jsonl: 'Pour des programmes (JSON Lines)',
    dictionary: 'Ce que veut dire chaque colonne (CSV)',
  },
})
