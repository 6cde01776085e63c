import 'react'

declare module 'react' {
  // React's own type knows no custom properties.
  interface CSSProperties {
    '--filled'?: string
    '--reach'?: string
    '--rows'?: number
  }
}
