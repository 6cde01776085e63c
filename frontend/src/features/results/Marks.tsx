import type { BasisPoints } from '../../domain/share'
import styles from './Marks.module.css'

/** The three marks differ in shape: a bar for everyone, a ring for mine, a tick for the real budget. */
interface Props {
  end: BasisPoints
  mine: BasisPoints | undefined
  everyone: BasisPoints | undefined
  real: BasisPoints | undefined
}

export function Marks({ end, mine, everyone, real }: Props) {
  const at = (share: BasisPoints) => `${(share / end) * 100}%`
  return (
    <svg className={styles.marks} height="20" aria-hidden="true">
      <line className={styles.axis} x1="0" x2="100%" y1="10" y2="10" />
      {everyone !== undefined && (
        <rect className={styles.everyone} y="5" height="10" style={{ width: at(everyone) }} />
      )}
      {mine !== undefined && <circle className={styles.ringGround} cx={at(mine)} cy="10" r="9" />}
      {mine !== undefined && <circle className={styles.mine} cx={at(mine)} cy="10" r="6" />}
      {real !== undefined && <rect className={styles.tickGround} x={at(real)} width="6" height="20" />}
      {real !== undefined && <line className={styles.real} x1={at(real)} x2={at(real)} y1="0" y2="20" />}
    </svg>
  )
}
