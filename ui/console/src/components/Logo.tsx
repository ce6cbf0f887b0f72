/** One bar that every circuit connects to. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={className}>
      <rect x="2" y="4" width="20" height="4.5" rx="1.4" fill="currentColor" />
      <path d="M5.5 8.5v6M12 8.5v11M18.5 8.5v6" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}
