import type { Format } from '../../../../texts/format'
import type { session as english } from '../en/session'

export const session = (f: Format): ReturnType<typeof english> => ({
  signIn: {
    wrong: 'El nombre, la contraseña o el código no son correctos.',
    heading: 'Entrar',
    name: 'Nombre',
    password: 'Contraseña',
    totp: 'Código del segundo factor',
    totpHint: 'Las seis cifras que muestra su aplicación de autenticación.',
    submit: 'Entrar',
    again: 'Su sesión ha terminado',
    nothingLost: 'Entre de nuevo para seguir. Nada de lo que ha escrito se pierde.',
    firstRun: 'Todavía no hay ninguna cuenta. El servidor mostró un enlace para la primera al arrancar.',
    trustedHeader: 'Aquí se entra por el sistema propio de la organización. Abra la mesa a través de él.',
    noAccount: '¿Sin cuenta? Quien tenga la propiedad puede enviarle una invitación.',
  },

  invitation: {
    heading: 'Cree su cuenta',
    from: (name: string) => `${name} le invita a la mesa de organización.`,
    role: (role: string) => `Su papel en esta instalación: ${role}.`,
    roleInBudget: (role: string, title: string) => `Su papel en «${title}»: ${role}.`,
    until: (time: string) => `El enlace sirve una vez, hasta el ${time}.`,
    nameHint: 'Se ve junto a lo que usted cambia.',
    passwordHint: (length: number) => `Al menos ${f.count(length)} caracteres. Una frase es buena.`,
    submit: 'Crear la cuenta',
    goneHeading: 'Este enlace ya no sirve',
    gone: 'Se ha usado o ha pasado su tiempo. Pida uno nuevo.',
  },
})
