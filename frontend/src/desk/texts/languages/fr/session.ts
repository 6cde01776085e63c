import type { Format } from '../../../../texts/format'
import type { session as english } from '../en/session'

export const session = (f: Format): ReturnType<typeof english> => ({
  signIn: {
    wrong: 'Le nom, le mot de passe ou le code est faux.',
    heading: 'Se connecter',
    name: 'Nom',
    password: 'Mot de passe',
    totp: 'Code du second facteur',
    totpHint: 'Les six chiffres que montre votre application d’authentification.',
    submit: 'Se connecter',
    again: 'Votre session est terminée',
    nothingLost: 'Reconnectez-vous pour continuer. Rien de ce que vous avez saisi n’est perdu.',
    firstRun: 'Il n’y a pas encore de compte. Le serveur a affiché au démarrage un lien pour le premier.',
    trustedHeader: 'Ici, on se connecte par le système de l’organisation. Ouvrez le bureau par lui.',
    noAccount: 'Pas de compte ? Une personne propriétaire peut vous inviter.',
  },

  invitation: {
    heading: 'Créez votre compte',
    from: (name: string) => `${name} vous invite au bureau d’organisation.`,
    role: (role: string) => `Votre rôle dans cette installation : ${role}.`,
    roleInBudget: (role: string, title: string) => `Votre rôle dans « ${title} » : ${role}.`,
    until: (time: string) => `Le lien sert une fois, jusqu’au ${time}.`,
    nameHint: 'On le voit à côté de ce que vous changez.',
    passwordHint: (length: number) => `Au moins ${f.count(length)} caractères. Une phrase convient bien.`,
    submit: 'Créer le compte',
    goneHeading: 'Ce lien ne sert plus',
    gone: 'Il a été utilisé, ou son temps est passé. Demandez-en un autre.',
  },
})
