import type { Format } from '../../../../texts/format'

export const session = (f: Format) => ({
  signIn: {
    wrong: 'The name, the password or the code is wrong.',
    heading: 'Sign in',
    name: 'Name',
    password: 'Password',
    totp: 'Code of your second factor',
    totpHint: 'Six digits that your authenticator app shows.',
    submit: 'Sign in',
    again: 'Your session has ended',
    nothingLost: 'Sign in again to go on. Nothing that you typed is lost.',
    firstRun: 'There is no account yet. The server printed a link for the first one when it started.',
    trustedHeader: 'This installation signs people in by its own system. Open the desk through it.',
    noAccount: 'No account? An owner can send you an invitation.',
  },

  invitation: {
    heading: 'Make your account',
    from: (name: string) => `${name} invites you to the organisers’ desk.`,
    role: (role: string) => `Your role in this installation: ${role}.`,
    roleInBudget: (role: string, title: string) => `Your role in “${title}”: ${role}.`,
    until: (time: string) => `The link works once, until ${time}.`,
    nameHint: 'Others see it beside what you change.',
    passwordHint: (length: number) => `At least ${f.count(length)} characters. A sentence is good.`,
    submit: 'Make the account',
    goneHeading: 'This link does not work any more',
    gone: 'It was used, or its time is over. Ask for a new one.',
  },
})
