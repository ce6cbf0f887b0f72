import type { PolicyTemplate } from "@/pages/tables/policies/templates";

const PEOPLE = ["authenticated"];
const OWN = "uploaded_by = auth.jwt()->>'sub'";
const FOLDER = "bucket = 'photos' AND (storage.foldername(key))[1] = auth.jwt()->>'sub'";

/** What most installations want of their files, ready to adjust. */
export const STORAGE_TEMPLATES: PolicyTemplate[] = [
  { label: "Everyone reads a bucket", policy: { name: "everyone_reads", command: "select", roles: ["anon", "authenticated"], using: "bucket = 'photos'" } },
  { label: "People read what they uploaded", policy: { name: "own_files_read", command: "select", roles: PEOPLE, using: OWN } },
  { label: "People upload into their folder", policy: { name: "own_folder_insert", command: "insert", roles: PEOPLE, check: FOLDER } },
  { label: "People do everything with their files", policy: { name: "own_files", command: "all", roles: PEOPLE, using: OWN, check: OWN } },
  { label: "Only pictures are uploaded", policy: { name: "pictures", command: "insert", roles: PEOPLE, check: "mime_type LIKE 'image/%'" } },
];
