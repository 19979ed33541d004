import { Component, type ReactNode } from 'react';
import { messageOf } from '../model/message.ts';

interface Props {
  readonly children: ReactNode;
  /** Called once, with what went wrong. */
  readonly onError: (message: string) => void;
}

/** A component that cannot be drawn says why in its own place, instead of taking the page with it. */
export class Guard extends Component<Props, { readonly message: string | undefined }> {
  override state: { readonly message: string | undefined } = { message: undefined };

  static getDerivedStateFromError(error: unknown): { readonly message: string } {
    return { message: messageOf(error) };
  }

  override componentDidCatch(): void {
    // After the panel's own report, which only knows of its data.
    const { message } = this.state;
    if (message !== undefined) setTimeout(() => this.props.onError(message), 100);
  }

  override render(): ReactNode {
    const { message } = this.state;
    return message === undefined ? this.props.children : <p className="azimuth-message azimuth-error">{message}</p>;
  }
}
