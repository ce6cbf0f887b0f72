/** How a file can be shown. */
export type PreviewKind = "image" | "audio" | "video" | "pdf" | "text" | "json" | "none";

const TEXT = /\.(txt|md|markdown|csv|tsv|log|ini|toml|ya?ml|xml|svg|html?|css|m?[jt]sx?|py|rb|go|rs|java|c|h|cpp|sh|sql|env|conf)$/i;

/** By the stored type, which the server took from the bytes; where that says nothing, by the name. */
export function previewKind(key: string, mimeType: string | null): PreviewKind {
  const type = (mimeType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (/^image\/(?!svg|.*xml)/.test(type)) return "image";
  if (type.startsWith("audio/")) return "audio";
  if (type.startsWith("video/")) return "video";
  if (type === "application/pdf") return "pdf";
  if (/[/+]json$/.test(type) || /\.(json|geojson)$/i.test(key)) return "json";
  if (type.startsWith("text/") || /[/+](xml|yaml|javascript|sql)$/.test(type) || TEXT.test(key)) return "text";
  return "none";
}
