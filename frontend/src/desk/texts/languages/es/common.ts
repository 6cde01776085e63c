import type { Format } from '../../../../texts/format'
import type { common as english } from '../en/common'

export const common = (f: Format): ReturnType<typeof english> => ({
  desk: {
    name: 'Mesa de organización',
    navigation: 'Mesa',
    budgets: 'Presupuestos',
    accounts: 'Cuentas',
    log: 'Registro',
    statistics: 'Estadísticas',
    operations: 'Funcionamiento',
    signOut: 'Salir',
    unknown: 'Esta página no existe',
    toBudgets: 'A los presupuestos',
  },

  actions: {
    cancel: 'Cancelar',
    copied: 'Copiado',
    copy: (what: string) => `Copiar: ${what}`,
  },

  paging: {
    label: 'Páginas de la lista',
    back: 'Atrás',
    next: 'Siguiente',
    page: (number: number) => `Página ${f.count(number)}`,
  },

  roles: {
    VIEWER: 'Lectura',
    ORGANISER: 'Organización',
    OWNER: 'Propiedad',
  },

  states: {
    DRAFT: 'Borrador',
    SCHEDULED: 'Programado',
    OPEN: 'Abierto',
    PAUSED: 'En pausa',
    CLOSED: 'Cerrado',
    ARCHIVED: 'Archivado',
  },
})
