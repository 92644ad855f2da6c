/** A button that shows an icon only; its label is read aloud and shown as a tooltip. */
import { Icon, type IconName } from './shapes.tsx';

export interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  /** The icon turns: what it starts is under way. */
  readonly turning?: boolean;
  /** Set on a button that opens a menu. */
  readonly expanded?: boolean;
  readonly className?: string;
  readonly onClick: () => void;
}

export function IconButton({ icon, label, turning = false, expanded, className, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      className={className === undefined ? 'icon-button' : `icon-button ${className}`}
      aria-label={label}
      title={label}
      aria-haspopup={expanded === undefined ? undefined : 'menu'}
      aria-expanded={expanded}
      onClick={onClick}
      data-testid={`icon-${icon}`}
    >
      <Icon name={icon} turning={turning} />
    </button>
  );
}
