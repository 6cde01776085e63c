import { Component, type ReactNode } from 'react'
import { BrokenPage } from './BrokenPage'

interface Props {
  /** Shown instead of the children; a whole page unless given. */
  fallback?: ReactNode
  children: ReactNode
}

interface State {
  broken: boolean
}

/** Shows the fallback where rendering throws, or where code could not be loaded: a new release removes the old files. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { broken: false }

  static getDerivedStateFromError(): State {
    return { broken: true }
  }

  override render(): ReactNode {
    return this.state.broken ? (this.props.fallback ?? <BrokenPage />) : this.props.children
  }
}
