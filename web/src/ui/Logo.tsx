/** The mark: two currents in a rounded field. */
export const Logo = ({ size }: { size: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="#3b5bdb" />
    <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
      <path d="M6 12c3.3-3.4 6.7-3.4 10 0s6.7 3.4 10 0" />
      <path d="M6 20c3.3-3.4 6.7-3.4 10 0s6.7 3.4 10 0" opacity=".65" />
    </g>
  </svg>
);
