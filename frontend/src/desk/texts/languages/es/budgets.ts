import type { budgets as english } from '../en/budgets'

export const budgets = (): ReturnType<typeof english> => ({
  budgets: {
    heading: 'Presupuestos',
    create: 'Nuevo presupuesto',
    none: 'Aquí no hay todavía ningún presupuesto.',
    archived: 'Mostrar también los archivados',
    changed: (time: string, by: string | null) =>
      by === null ? `Cambiado el ${time}` : `Cambiado el ${time} por ${by}`,
  },

  newBudget: {
    heading: 'Nuevo presupuesto',
    from: 'Empezar con',
    beginnings: {
      empty: { name: 'Nada', text: 'Un borrador vacío.' },
      template: { name: 'Una plantilla', text: 'Un presupuesto real con sus cifras, para adaptarlo.' },
      file: { name: 'Un archivo', text: 'YAML o JSON, como se exporta aquí.' },
      copy: { name: 'Una copia', text: 'Todo lo de otro presupuesto menos sus respuestas.' },
    },
    title: 'La pregunta',
    titleHint: 'Por ejemplo: ¿En qué debe gastar su dinero nuestra ciudad?',
    slug: 'Dirección',
    slugHint: (slug: string) => `La página estará en /b/${slug === '' ? '…' : slug}`,
    language: 'Idioma de sus textos',
    currency: 'Moneda',
    currencyHint: 'Tres letras, como EUR.',
    drop: 'Suelte aquí un archivo, o',
    choose: 'Elegir un archivo',
    fileText: 'Contenido del archivo',
    submit: 'Crear el borrador',
  },

  budget: {
    unknown: (slug: string) => `Para su cuenta no hay ningún presupuesto «${slug}»`,
    toAll: 'A todos los presupuestos',
    untitled: 'Presupuesto sin título',
    parts: 'Páginas de este presupuesto',
    part: {
      overview: 'Resumen',
      edit: 'Editar',
      share: 'Difundir',
      preview: 'Vista previa',
      answers: 'Respuestas',
      statistics: 'Estadísticas',
      people: 'Personas',
      log: 'Registro',
    },
  },
})
