/** In the place of a list that is empty or cannot be read: why, and the one thing to do about it. */
interface Props {
  readonly text: string;
  readonly action: string;
  readonly onAct: () => void;
  /** Of the button. */
  readonly testId?: string;
  /** It is a fault, read out at once. */
  readonly isFault?: boolean;
}

export function EmptyState({ text, action, onAct, testId, isFault = false }: Props) {
  return (
    <div className="empty acts" role={isFault ? 'alert' : undefined} data-testid="empty-state">
      <p>{text}</p>
      <button type="button" className="button" data-testid={testId} onClick={onAct}>
        {action}
      </button>
    </div>
  );
}
