import { CopyButton } from "@/components/CopyButton";

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className="bg-sunken border-line relative rounded-md border">
      <pre tabIndex={0} aria-label={label} className="thin-scroll overflow-x-auto py-3 pr-12 pl-3.5 font-mono text-xs leading-5">
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label="Copy code" className="absolute top-1.5 right-1.5" />
    </div>
  );
}
