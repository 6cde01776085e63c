import type { ComponentPropsWithRef } from 'react'
import styles from './Button.module.css'

interface Props extends ComponentPropsWithRef<'button'> {
  strong?: boolean
}

export function Button({ strong = false, type = 'button', ...rest }: Props) {
  return <button {...rest} type={type} className={strong ? styles.strong : styles.plain} />
}
