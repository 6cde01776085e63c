import { useState, type ReactNode } from 'react'
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
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
  return (
    <Disclosure className={styles.disclosure ?? ''} isExpanded={isOpen} onExpandedChange={setIsOpen}>
      <Heading level={3} className={styles.heading ?? ''}>
        <Button slot="trigger" className={styles.trigger ?? ''}>
          <svg className={styles.arrow} viewBox="0 0 12 12" aria-hidden="true">
            <path d="M2 4l4 4 4-4" />
          </svg>
          <span>{line.label}</span>
        </Button>
      </Heading>
      {children}
      <DisclosurePanel className={styles.panel ?? ''}>
        {isOpen && <Distribution budget={budget} version={version} line={line} subject={subject} />}
      </DisclosurePanel>
    </Disclosure>
  )
}
