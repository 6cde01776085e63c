import type { Format } from '../../../../texts/format'
import type { running as english } from '../en/running'

export const running = (f: Format): ReturnType<typeof english> => ({
  running: {
    hidden: 'Les moyennes sont cachées jusqu’à ce que les règles du budget les montrent, ici aussi.',
    ready: 'Ce budget peut être ouvert',
    publishEvery: (count: number) =>
      `De nouvelles moyennes sont montrées quand au moins ${f.count(count)} réponses sont arrivées, pour que personne ne puisse en déduire une seule. Le reste est montré à la clôture, s’il y a plus de deux réponses. Dans une classe ou pour un essai, prenez un nombre plus petit. Dès que quelqu’un a répondu, il ne peut qu’augmenter.`,
    changeNumber: 'Changer le nombre',
    open: 'Ouvrir',
    openQuestion:
      'Désormais on peut répondre. Avec la première réponse, ce qui changerait le sens des réponses est figé.',
    pause: 'Mettre le budget en pause',
    resume: 'Reprendre',
    close: 'Clore',
    closeQuestion:
      'On ne prend plus de réponses, et les résultats définitifs sont montrés. On ne peut pas revenir en arrière.',
    archive: 'Archiver',
    unarchive: 'Sortir des archives',
    remove: 'Supprimer',
    removeQuestion: 'Le brouillon est supprimé. On ne peut pas revenir en arrière.',
    duplicate: 'Dupliquer',
    projector: 'Vue pour projecteur',
    publicPage: 'Page pour participer',
    attention: 'Demande votre attention',
    attentionKinds: {
      FLAGS:
        'Beaucoup de nouvelles voix ont quelque chose en commun. Regardez les groupes signalés sous les réponses.',
      CLOSES_SOON: 'Le budget se clôt dans les 24 heures.',
      DRIFT: 'Les moyennes diffèrent d’un recomptage. Reconstruisez-les à l’écran de l’exploitation.',
      STORAGE: 'La base de données ne répond pas. Les réponses attendent qu’elle le fasse.',
    },
    figures: 'Comment cela va',
    noFigures: 'Les chiffres ne sont pas encore là.',
    participants: 'Participants',
    submissions: 'Envois',
    shown: 'Dans les moyennes',
    revised: 'Ont corrigé',
    lastFiveMinutes: 'Ces 5 dernières minutes',
    completion: 'Finissent le formulaire',
    perMinute: (sum: number, most: number) =>
      `${f.count(sum)} envois dans la dernière heure, ${f.count(most)} au plus en une minute`,
    languages: 'Langues :',
    results: 'Moyennes',
    schedule: 'Calendrier',
    opensAt: 'Ouvre',
    closesAt: 'Clôt',
    opensByHand: 'Vide : vous l’ouvrez à la main.',
    closesByHand: 'Vide : vous le clôturez à la main.',
    inYourZone: (time: string, zone: string) => `Dans votre fuseau (${zone}) : ${time}`,
    twice: (offset: string) =>
      `Les horloges sont retardées et montrent cette heure deux fois. Il s’agit de celle à UTC${offset}.`,
    timeZone: 'Fuseau de ces heures',
    timeZoneHint: 'Là où l’heure d’été commence ou finit, une heure qui n’existe pas est refusée.',
    saveSchedule: 'Enregistrer le calendrier',
  },

  share: {
    draft: 'Le lien mène au budget dès qu’il est planifié ou ouvert.',
    poster: 'Affiche',
    qr: (url: string) => `Code QR de ${url}`,
    language: 'Langue de l’affiche et du message',
    print: 'Imprimer l’affiche',
    saveQr: 'Enregistrer le code QR (SVG)',
    link: 'Lien',
    post: 'Texte pour un message',
    iframe: 'Texte du cadre',
    frame: 'Résultats sur une autre page',
    frameText:
      'Collez ce texte dans une page d’un autre site. Elle montre les moyennes en direct, dans la mesure où tout le monde peut les voir, avec un lien pour participer. Aucun cookie n’est déposé.',
    view: 'Dans le cadre',
    views: { RESULTS: 'Les résultats, en direct', FORM_LINK: 'La question et le lien' },
    frameOfDraft: 'Le cadre s’affiche ici dès que le budget n’est plus un brouillon.',
  },

  preview: {
    text: 'La page comme on la voit en participant. Ici rien n’est compté.',
    language: 'Langue',
    width: 'Écran',
    widths: { phone: 'Téléphone', desktop: 'Ordinateur' },
    frame: 'Aperçu de la page',
  },
})
