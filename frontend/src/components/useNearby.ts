import { useEffect, useState, type RefObject } from 'react'

const MARGIN = '400px'

/** Whether an element has ever come near the window. What is far below is not loaded before. */
export function useNearby(element: RefObject<Element | null>): boolean {
  const [isNearby, setIsNearby] = useState(false)

  useEffect(() => {
    if (isNearby || !element.current) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setIsNearby(true)
      },
      { rootMargin: MARGIN },
    )
    observer.observe(element.current)
    return () => {
      observer.disconnect()
    }
  }, [element, isNearby])

  return isNearby
}
