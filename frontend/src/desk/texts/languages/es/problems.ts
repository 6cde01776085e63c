import type { Format } from '../../../../texts/format'
import type { problems as english } from '../en/problems'

export const problems = (f: Format): ReturnType<typeof english> => ({
  problems: {
    noAnswer: 'El servidor no responde. Inténtelo de nuevo en un momento.',
    retryAfter: (seconds: number) => `Inténtelo de nuevo en ${f.duration(seconds)}.`,
    refused: 'El servidor rechaza esto',
    atField: (field: string, text: string) => `${field}: ${text}`,
    codes: {
      NOT_FOUND: 'Ya no existe. Vuelva a cargar la página.',
      UNAUTHENTICATED: 'Su sesión ha terminado. Entre y repítalo.',
      FORBIDDEN: 'Su función no lo permite.',
      CONFLICT: 'Otra persona ha cambiado este presupuesto entretanto. Mírelo e inténtelo de nuevo.',
      FROZEN: 'Hay respuestas: lo que les da su sentido queda como está.',
      RATE_LIMITED: 'Ha habido demasiados intentos.',
      OVERLOADED:
        'El servidor tiene demasiado trabajo. No se ha cambiado nada. Inténtelo de nuevo en un momento.',
      UNAVAILABLE: 'El servidor no puede hacerlo ahora. Inténtelo de nuevo en un momento.',
      INTERNAL: 'Algo ha fallado en el servidor. Su registro dice qué.',
    },
    rules: {
      SLUG: 'De 2 a 64 caracteres: de la a a la z, del 0 al 9 y guiones. Empieza y termina con una letra o una cifra.',
      KEY: 'De 1 a 64 caracteres: de la a a la z, del 0 al 9 y guiones. Empieza y termina con una letra o una cifra.',
      REQUIRED: 'Esto falta.',
      LENGTH: 'Este texto es demasiado largo. Acórtelo.',
      'name.LENGTH': 'Un nombre tiene de 2 a 64 caracteres.',
      'password.LENGTH': 'Una contraseña tiene al menos 12 caracteres.',
      'password.NAME': 'La contraseña no puede ser el nombre.',
      'password.WRONG': 'La contraseña no es correcta.',
      'code.WRONG': 'El código no es correcto o ya se ha usado. Espere al siguiente.',
      'name.TAKEN': 'Ya hay una cuenta con este nombre.',
      'slug.TAKEN': 'Otro presupuesto tiene esta dirección. Elija otra.',
      'categories.COUNT': 'Un presupuesto necesita de 2 a 30 partidas.',
      'incomes.COUNT': 'Hacen falta de 1 a 8 ingresos.',
      'taxes.COUNT': 'Hacen falta de 1 a 8 impuestos.',
      'brackets.COUNT': 'Un impuesto necesita de 1 a 20 tramos.',
      LANGUAGE: 'No es la etiqueta de un idioma, como en o de-AT.',
      LANGUAGES: 'Un presupuesto tiene como mucho 30 idiomas.',
      OWN_LANGUAGE: 'Ya es el idioma propio del presupuesto.',
      CURRENCY: 'No es una moneda de tres letras, como USD o EUR.',
      RANGE: 'Este número es demasiado pequeño o demasiado grande.',
      ORDER: 'Cada tramo empieza por encima del anterior, y el primero en 0 o más.',
      UNIQUE: 'Otra partida tiene la misma clave.',
      COLOR: 'Un color es un # y seis cifras, como #4f8ee4.',
      CONTRAST:
        'Este color se ve mal en la página clara o en la oscura. Elija uno que no sea ni muy claro ni muy oscuro.',
      ACTUAL:
        'El formulario no puede empezar con el presupuesto real, porque ninguna partida tiene parte en él.',
      ACTUAL_MISSING:
        'Unas partidas tienen parte del presupuesto real y otras no. Désela a todas o a ninguna.',
      SUM: 'Las partes del presupuesto real deben sumar exactamente el 100 %.',
      UNKNOWN_KEY: 'Ninguna partida tiene esta clave, así que nadie lee estos textos.',
      VISIBILITY:
        'Después no se sabe quién ha respondido con un código. Por eso todos ven los resultados solo tras el cierre.',
      WINDOW: 'Esta hora ya ha pasado o es anterior a la apertura. Elija una posterior.',
      CLOSED:
        'El presupuesto está cerrado y sigue así, porque se conoce el resultado. Duplíquelo para preguntar de nuevo.',
      TIME_ZONE: 'No es una zona horaria, como Europe/Berlin.',
      LOCAL_TIME: 'Esta hora no existe en esta zona horaria, porque se adelantan los relojes. Elija otra.',
      STATE: 'No es posible en el estado en que está ahora el presupuesto.',
      FROZEN: 'Queda como está, porque hay respuestas.',
      FILE: 'No se puede leer el archivo.',
      FORM: 'No se puede leer como presupuesto.',
      LAST_OWNER: 'Es el último propietario. Haga antes propietario a otra persona.',
      CHARACTERS: 'Un nombre no lleva dos puntos ni caracteres de control.',
      ALREADY_EXCLUDED: 'Ya está excluido.',
      ALREADY_UNDONE: 'La exclusión ya está anulada.',
      RETENTION_OVER: 'Las respuestas de este presupuesto se han borrado. Sus resultados quedan.',
      SCRIPTS: 'Este nombre mezcla letras de varias escrituras. Use las de una sola.',
      HAS_TOTP: 'Su cuenta ya tiene un segundo factor. Desactívelo antes.',
      SIZE: 'Todos los textos juntos son demasiado largos. Acórtelos.',
      'publishEvery.FROZEN':
        'El número solo puede subir: se ha respondido confiando en que los resultados se muestran para tantas respuestas juntas.',
      NOT_FAILED: 'Solo una tarea que ha fallado puede empezar de nuevo.',
    },
  },
})
