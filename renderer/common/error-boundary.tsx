/** Keeps a bug on one page from blanking the window: what went wrong, a way to try again, and details to report. */
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { ErrorPage } from './error-page.tsx';

interface ErrorBoundaryProps {
  /** What is shown; another one clears the error. */
  readonly page: string;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: Error | null;
  readonly page: string;
}

/** React catches render errors in class components only. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null, page: this.props.page };

  static getDerivedStateFromError(error: unknown): Partial<ErrorBoundaryState> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(
    { page }: ErrorBoundaryProps,
    state: ErrorBoundaryState,
  ): Partial<ErrorBoundaryState> | null {
    return page === state.page ? null : { error: null, page };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    console.error(`the page ${this.props.page} failed`, error, componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <ErrorPage page={this.props.page} error={error} onReload={() => this.setState({ error: null })} />;
  }
}
