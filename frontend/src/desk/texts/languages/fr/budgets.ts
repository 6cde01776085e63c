import type { budgets as english } from '../en/budgets'

export const budgets = (): ReturnType<typeof english> => ({
  budgets: {
    heading: 'Budgets',
    create: 'Nouveau budget',
    none: 'Il n’y a pas encore de budget ici.',
    archived: 'Montrer aussi les budgets archivés',
    changed: (time: string, by: string | null) =>
      by === null ? `Modifié le ${time}` : `Modifié le ${time} par ${by}`,
  },

  newBudget: {
    heading: 'Nouveau budget',
    from: 'Partir de',
    beginnings: {
      empty: { name: 'Rien', text: 'Un brouillon vide.' },
      template: { name: 'Un modèle', text: 'Un vrai budget avec ses chiffres, à adapter.' },
      file: { name: 'Un fichier', text: 'YAML ou JSON, comme on l’exporte ici.' },
      copy: { name: 'Une copie', text: 'Tout d’un autre budget, sauf ses réponses.' },
    },
    title: 'La question',
    titleHint: 'Par exemple : À quoi notre ville doit-elle consacrer son argent ?',
    slug: 'Adresse',
    slugHint: (slug: string) => `La page sera à /b/${slug === '' ? '…' : slug}`,
    language: 'Langue de ses textes',
    currency: 'Monnaie',
    currencyHint: 'Trois lettres, comme EUR.',
    drop: 'Déposez un fichier ici, ou',
    choose: 'Choisir un fichier',
    fileText: 'Contenu du fichier',
    submit: 'Créer le brouillon',
  },

  budget: {
    unknown: (slug: string) => `Pour votre compte, il n’y a pas de budget « ${slug} »`,
    toAll: 'À tous les budgets',
    untitled: 'Budget sans titre',
    parts: 'Pages de ce budget',
    part: {
      overview: 'Aperçu',
      edit: 'Modifier',
      share: 'Diffuser',
      preview: 'Prévisualiser',
      answers: 'Réponses',
      statistics: 'Statistiques',
      people: 'Personnes',
      log: 'Journal',
    },
  },
})
