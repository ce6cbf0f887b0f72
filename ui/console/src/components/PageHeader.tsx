import type { ReactNode } from "react";

interface PageHeaderProps {
  title: ReactNode;
  detail?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, detail, actions }: PageHeaderProps) {
  return (
    <header className="border-line bg-panel flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2 sm:px-6">
      <h1 className="flex min-w-0 items-center gap-2 text-base font-semibold">{title}</h1>
      {detail && <div className="text-muted flex min-w-0 items-center gap-2">{detail}</div>}
      <span className="flex-1 max-sm:hidden" />
      {actions && <div className="flex flex-wrap items-center gap-2 max-sm:ml-auto max-sm:has-[[role=search]]:w-full">{actions}</div>}
    </header>
  );
}
