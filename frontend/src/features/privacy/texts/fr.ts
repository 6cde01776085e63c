import type { PrivacyTexts } from '../privacyTexts'

export const texts: PrivacyTexts = {
  intro: 'Cette page est faite à partir des réglages de ce serveur.',
  stored: 'Ce qui est conservé',
  storedText:
    'Chaque réponse\u202f: comment elle répartit les 100\u00a0%, et quand elle a été envoyée. Ni nom, ni adresse électronique, ni compte. L’adresse d’une page de résultat contient un nombre aléatoire\u202f; qui a le lien voit cette seule réponse.',
  cookie: 'Cookie',
  cookieText:
    'Seulement si vous demandez qu’on se souvienne de vous, ce navigateur garde pendant un an un cookie avec un nombre aléatoire. Par lui, votre dernière réponse remplace la précédente, et vous pouvez voir et effacer vos réponses. Il n’est envoyé qu’à ce serveur.',
  codes:
    'Pour un budget à codes, le code prend la place du cookie. Le serveur ne conserve aucun code, seulement de quoi en reconnaître un.',
  browser:
    'Votre navigateur garde la langue choisie. Jusqu’à ce que vous fermiez l’onglet ou effaciez vos réponses, il garde aussi le brouillon du formulaire, votre code, et une réponse donnée avec un code ou sans cookie. Votre revenu dans le reçu d’impôts n’en sort jamais.',
  address: 'Votre adresse réseau',
  addressText:
    'Les limites se comptent par réseau, pour que personne ne puisse répondre en masse. L’adresse est aussitôt changée en un nombre par une clé secrète\u202f; elle n’est ni conservée ni journalisée. La clé est nouvelle chaque jour, et l’ancienne est supprimée sous 48 heures. Les organisateurs voient combien de réponses d’une heure venaient d’un même réseau ou étaient identiques, en nombres seulement.',
  organisers: 'Ce que voient les organisateurs',
  organisersText:
    "Les personnes qui organisent un budget peuvent lire des réponses une à une avec l'heure de chacune, mais jamais de qui elles viennent : leur liste ne mène à aucune page de résultats, à aucun cookie ni à aucun code. Elles peuvent exclure des réponses du décompte. Tout le monde voit alors combien et pourquoi, et vous le voyez auprès de votre propre réponse.",
  log: 'Journal',
  logText:
    'Le journal du serveur ne nomme ni adresse, ni participant, ni réponse. Un proxy ou un hébergeur placé devant peut tenir le sien.',
  kept: 'Combien de temps, et comment c’est montré',
  rights: 'Voir, emporter, effacer',
  rightsText:
    'Avec le cookie, vous pouvez voir, télécharger et effacer vos réponses, même quand le budget est clos. Avec un code, vous pouvez effacer la réponse que vous avez donnée avec lui, mais ni la voir ni la télécharger. Une réponse sans cookie ni code n’est à personne\u202f: même l’exploitant ne peut pas la retrouver pour vous.',
  rightsLink: 'Vers mes réponses',
  backups:
    'Les copies que l’exploitant a faites de la base de données gardent ce qui a été effacé jusqu’à leur remplacement.',
  operator: 'Qui exploite ce serveur',
  operatorUnknown: 'L’exploitant n’a pas écrit de nom ici.',
  contact: (contact) => `Contact\u202f: ${contact}`,
}
