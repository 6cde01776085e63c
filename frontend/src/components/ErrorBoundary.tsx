import { Component, type ReactNode } from 'react'
import { BrokenPage } from './BrokenPage'

interface Props {
  /** What is shown instead; the whole page's unless told. */
  fallback?: ReactNode
  children: ReactNode
}

interface State {
  broken: boolean
}

/** Stands in for a page that broke, or whose code could not be loaded: a new release takes the old files away. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { broken: false }

  static getDerivedStateFromError(): State {
    return { broken: true }
  }

  override render(): ReactNode {
    return this.state.broken ? (this.props.fallback ?? <BrokenPage />) : this.props.children
  }
}
