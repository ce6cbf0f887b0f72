import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "@/components/IconButton";
import { toast } from "@/components/toasts";

export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Browsers refuse the clipboard on plain http away from localhost.
      toast("bad", "The browser does not allow copying here. Select the text and copy it by hand.");
    }
  };
  return (
    <IconButton label={copied ? "Copied" : label} onClick={copy} {...(className ? { className } : {})}>
      {copied ? <Check className="text-ok" /> : <Copy />}
    </IconButton>
  );
}
