import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { API_ROOT, ApiError, errorFrom, pathOf, request, send } from "@/api/client";

export interface Bucket {
  name: string;
  public: boolean;
  objects: number;
  bytes: number;
  createdAt: string;
}

export interface StoredObject {
  key: string;
  size: number;
  /** Unknown for what could not be recognised. */
  mimeType: string | null;
  uploadedAt: string;
  uploadedBy?: string | null;
}

export interface ObjectsPage {
  objects: StoredObject[];
  total: number;
}

export const bucketsQuery = queryOptions({
  queryKey: ["buckets"],
  queryFn: async ({ signal }) => (await request<{ buckets: Bucket[] }>("/buckets", { signal })).buckets,
});

export function objectsQuery(bucket: string, ask: { search: string; limit: number; offset: number }) {
  return queryOptions({
    queryKey: ["objects", bucket, ask],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ limit: String(ask.limit), offset: String(ask.offset) });
      if (ask.search !== "") params.set("search", ask.search);
      return request<ObjectsPage>(`${pathOf("buckets", bucket, "objects")}?${params}`, { signal });
    },
    placeholderData: keepPreviousData,
  });
}

export function createBucket(bucketName: string, isPublic: boolean): Promise<unknown> {
  return request("/buckets", { method: "POST", json: { bucketName, isPublic } });
}

export function setBucketPublic(bucket: string, isPublic: boolean): Promise<unknown> {
  return request(pathOf("buckets", bucket), { method: "PATCH", json: { isPublic } });
}

export function deleteBucket(bucket: string): Promise<void> {
  return request(pathOf("buckets", bucket), { method: "DELETE" });
}

/** The path of one object under the API root; slashes in the key stay slashes. */
function objectPath(bucket: string, key: string): string {
  return pathOf("buckets", bucket, "objects") + pathOf(...key.split("/"));
}

/** Where the browser downloads an object from. */
export function objectUrl(bucket: string, key: string): string {
  return API_ROOT + objectPath(bucket, key);
}

export function deleteObject(bucket: string, key: string): Promise<void> {
  return request(objectPath(bucket, key), { method: "DELETE" });
}

/** Where a picture, sound, film or document is shown from, under headers that let nothing in it act. */
export function previewUrl(bucket: string, key: string): string {
  return API_ROOT + pathOf("buckets", bucket, "preview") + pathOf(...key.split("/"));
}

/** The first bytes of an object as text, and whether they are all of it. Nothing after them is fetched. */
export async function readStart(bucket: string, key: string, most: number, signal: AbortSignal): Promise<{ text: string; whole: boolean }> {
  const response = await send(objectPath(bucket, key), { signal });
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const read = await reader?.read();
    if (!read || read.done) return { text: text + decoder.decode(), whole: true };
    bytes += read.value.byteLength;
    text += decoder.decode(bytes > most ? read.value.subarray(0, read.value.byteLength - (bytes - most)) : read.value, { stream: true });
    if (bytes > most) {
      await reader?.cancel();
      return { text, whole: false };
    }
  }
}

export interface SignedLink {
  url: string;
  expiresAt: string;
}

/** A link that opens one object without a credential until it ends. */
export async function createLink(bucket: string, key: string, expiresIn: number): Promise<SignedLink> {
  const link = await request<SignedLink>(pathOf("buckets", bucket, "links"), { method: "POST", json: { key, expiresIn } });
  return { ...link, url: new URL(link.url, location.href).href };
}

/** Uploads one file; `fetch` cannot report how much was sent, so this is an XMLHttpRequest. */
export function uploadObject(
  bucket: string,
  key: string,
  file: File,
  onProgress: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("PUT", objectUrl(bucket, key));
    xhr.setRequestHeader("x-busbar-console", "1");
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve();
      else reject(errorFrom(xhr.status, xhr.responseText));
    };
    xhr.onerror = () => reject(new ApiError(0, "network", "The upload was cut off. Check the connection, then try again."));
    xhr.onabort = () => reject(new ApiError(0, "cancelled", "Cancelled."));
    signal?.addEventListener("abort", () => xhr.abort());
    const form = new FormData();
    form.append("file", file, file.name);
    xhr.send(form);
  });
}
