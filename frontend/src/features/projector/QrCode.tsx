import { encode } from 'uqr'
import styles from './QrCode.module.css'

/** The light border that the standard asks for, in modules: without it many cameras find no code. */
const BORDER = 4

/** Dark on light in any colour scheme, because many cameras read no inverted code. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = encode(text, { ecc: 'M', border: BORDER })
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <svg
      className={styles.code}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect className={styles.light} width={size} height={size} />
      <path className={styles.dark} d={dark.join('')} />
    </svg>
  )
}
