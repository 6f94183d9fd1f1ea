/** A triangle: something isn't as the register has it. Words stand beside it. */
export function OffMark() {
  return (
    <svg viewBox="0 0 24 24" width="11" height="11" aria-hidden="true" fill="var(--high-fill)">
      <path d="M12 2 23 22H1z" stroke="var(--border-strong)" />
    </svg>
  );
}
