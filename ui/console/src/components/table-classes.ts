/** The look of plain tables, shared by every list in the console. */
export const TH =
  "bg-canvas text-muted border-line sticky top-0 z-10 h-9 border-b px-4 text-left text-xs font-medium whitespace-nowrap first:sm:pl-6 last:sm:pr-6";
export const TD = "border-line h-11 border-b px-4 first:sm:pl-6 last:sm:pr-6";
export const TR = "hover:bg-hover relative transition-colors";
