import { FileArchive, FileAudio, FileCode2, File, FileImage, FileText, FileVideo } from "lucide-react";

export function FileIcon({ mimeType }: { mimeType: string | null }) {
  const Icon = iconOf(mimeType ?? "");
  return <Icon aria-hidden className="text-faint size-4 shrink-0" />;
}

function iconOf(mimeType: string): typeof File {
  if (mimeType.startsWith("image/")) return FileImage;
  if (mimeType.startsWith("video/")) return FileVideo;
  if (mimeType.startsWith("audio/")) return FileAudio;
  if (/zip|tar|gzip|compressed/.test(mimeType)) return FileArchive;
  if (/json|javascript|xml|html/.test(mimeType)) return FileCode2;
  if (mimeType.startsWith("text/") || mimeType === "application/pdf") return FileText;
  return File;
}
