import { useId, useState, type ReactNode } from 'react'
import type { ComparisonLine, Subject } from './comparisonLines'
import { Distribution } from './Distribution'
import styles from './LineDisclosure.module.css'

interface Props {
  budget: string
  version: number | undefined
  line: ComparisonLine
  subject: Subject
  /** Shown whether the line is open or not. */
  children: ReactNode
}

/** A line that opens to show its distribution. */
export function LineDisclosure({ budget, version, line, subject, children }: Props) {
  const [isOpen, setIsOpen] = useState(false)
  const id = useId()
  return (
    <div className={styles.disclosure}>
      <h3 className={styles.heading}>
        <button
          type="button"
          id={`${id}-line`}
          className={styles.trigger}
          aria-expanded={isOpen}
          aria-controls={`${id}-panel`}
          onClick={() => {
            setIsOpen(!isOpen)
          }}
        >
          <svg className={styles.arrow} viewBox="0 0 12 12" aria-hidden="true">
            <path d="M2 4l4 4 4-4" />
          </svg>
          <span>{line.label}</span>
        </button>
      </h3>
      {children}
      <div
        id={`${id}-panel`}
        className={styles.panel}
        role="group"
        aria-labelledby={`${id}-line`}
        hidden={!isOpen}
      >
        {isOpen && <Distribution budget={budget} version={version} line={line} subject={subject} />}
      </div>
    </div>
  )
}
