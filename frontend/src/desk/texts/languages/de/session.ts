import type { Format } from '../../../../texts/format'
import type { session as english } from '../en/session'

export const session = (f: Format): ReturnType<typeof english> => ({
  signIn: {
    wrong: 'Der Name, das Passwort oder der Code ist falsch.',
    heading: 'Anmelden',
    name: 'Name',
    password: 'Passwort',
    totp: 'Code des zweiten Faktors',
    totpHint: 'Sechs Ziffern, die Ihre Authenticator-App zeigt.',
    submit: 'Anmelden',
    again: 'Ihre Sitzung ist zu Ende',
    nothingLost:
      'Melden Sie sich wieder an, um weiterzuarbeiten. Was Sie getippt haben, geht nicht verloren.',
    firstRun: 'Es gibt noch kein Konto. Der Server hat beim Start einen Link für das erste ausgegeben.',
    trustedHeader: 'Hier meldet ein eigenes System die Leute an. Öffnen Sie den Schreibtisch darüber.',
    noAccount: 'Kein Konto? Ein Eigentümer kann Sie einladen.',
  },

  invitation: {
    heading: 'Konto anlegen',
    from: (name: string) => `${name} lädt Sie an den Schreibtisch der Veranstalter ein.`,
    role: (role: string) => `Ihre Rolle in dieser Installation: ${role}.`,
    roleInBudget: (role: string, title: string) => `Ihre Rolle in „${title}“: ${role}.`,
    until: (time: string) => `Der Link gilt einmal, bis ${time}.`,
    nameHint: 'Andere sehen ihn bei dem, was Sie ändern.',
    passwordHint: (length: number) => `Mindestens ${f.count(length)} Zeichen. Ein Satz ist gut.`,
    submit: 'Konto anlegen',
    goneHeading: 'Dieser Link gilt nicht mehr',
    gone: 'Er wurde benutzt, oder seine Zeit ist um. Bitten Sie um einen neuen.',
  },
})
