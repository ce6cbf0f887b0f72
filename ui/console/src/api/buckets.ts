import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { API_ROOT, ApiError, errorFrom, pathOf, request } from "@/api/client";

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
  mimeType: string;
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
