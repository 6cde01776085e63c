import type { PrivacyTexts } from '../privacyTexts'

export const texts: PrivacyTexts = {
  intro: 'Esta página se hace a partir de los ajustes de este servidor.',
  stored: 'Qué se guarda',
  storedText:
    'Cada respuesta: cómo reparte el 100\u00a0% y cuándo se envió. Ni nombre, ni correo electrónico, ni cuenta. La dirección de una página de resultado contiene un número aleatorio; quien tiene el enlace ve esa única respuesta.',
  cookie: 'Cookie',
  cookieText:
    'Solo si pide que se le recuerde, este navegador guarda durante un año una cookie con un número aleatorio. Con ella su última respuesta sustituye a la anterior, y usted puede ver y borrar sus respuestas. Se envía únicamente a este servidor.',
  codes:
    'En un presupuesto con códigos, el código ocupa el lugar de la cookie. El servidor no guarda ningún código, solo lo necesario para reconocerlo.',
  browser:
    'Su navegador guarda el idioma elegido. Hasta que cierre la pestaña o borre sus respuestas, guarda también el borrador del formulario, su código y una respuesta que haya dado con un código o sin cookie. Sus ingresos en el recibo de impuestos nunca salen de él.',
  address: 'Su dirección de red',
  addressText:
    'Los límites se cuentan por red, para que nadie pueda responder en masa. La dirección se convierte al instante en un número con una clave secreta, y no se guarda ni se registra. La clave es nueva cada día, y la anterior se borra en un plazo de 48 horas. Los organizadores ven cuántas respuestas de una hora vinieron de una red o eran iguales, solo como números.',
  organisers: 'Lo que ven los organizadores',
  organisersText:
    'Quienes organizan un presupuesto pueden leer respuestas sueltas y la hora de cada una, pero nunca de quién son: su lista no lleva a ninguna página de resultados, cookie ni código. Pueden excluir respuestas del recuento. Entonces todo el mundo ve cuántas y por qué, y usted lo ve en su propia respuesta.',
  log: 'Registro',
  logText:
    'El registro del servidor no nombra direcciones, participantes ni respuestas. Un proxy o proveedor delante de él puede llevar uno propio.',
  kept: 'Cuánto tiempo, y cómo se muestra',
  rights: 'Ver, llevarse, borrar',
  rightsText:
    'Con la cookie puede ver, descargar y borrar sus respuestas, también cuando el presupuesto esté cerrado. Con un código puede borrar la respuesta que dio con él, pero no verla ni descargarla. Una respuesta sin cookie ni código no es de nadie: ni siquiera el operador puede encontrarla por usted.',
  rightsLink: 'A mis respuestas',
  backups:
    'Las copias que el operador hizo de la base de datos conservan lo borrado hasta que se sustituyen.',
  operator: 'Quién lleva este servidor',
  operatorUnknown: 'El operador no ha escrito aquí ningún nombre.',
  contact: (contact) => `Contacto: ${contact}`,
}
