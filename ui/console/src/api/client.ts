/** A failed call, in one form for both of the server's error shapes. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
    readonly hint?: string,
    readonly requestId?: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }

  /** True when sending the same request again may work: the network, a limit or the server failed, not the input. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

type Listener = () => void;
let signedOutListener: Listener = () => undefined;

/** Registers what happens when the server no longer knows the session. */
export function onSignedOut(listener: Listener): void {
  signedOutListener = listener;
}

/** The console's API root; every path below is relative to it. */
export const API_ROOT = "/admin/api";

/** Sends one request and answers the raw response; throws {@link ApiError} for anything but a success. */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const method = options.method ?? "GET";
  const headers = new Headers({ accept: "application/json", ...options.headers });
  if (method !== "GET") headers.set("x-busbar-console", "1");
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.signal) init.signal = options.signal;
  if (options.json !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(options.json);
  } else if (options.body !== undefined) {
    init.body = options.body;
  }

  let response: Response;
  try {
    response = await fetch(API_ROOT + path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "network", "The server cannot be reached. Check that it is running, then try again.");
  }
  if (response.ok) return response;
  const error = errorFrom(response.status, await response.text(), response.headers.get("retry-after"));
  if (error.status === 401 && path !== "/session") signedOutListener();
  throw error;
}

/** Sends one request and answers its JSON body, or `undefined` when it has none. */
export async function request<T>(path: string, options?: RequestOptions): Promise<T> {
  const response = await send(path, options);
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Reads either error shape: `{error:{code,message,…}}` or PostgREST's `{code,message,details,hint}`. */
export function errorFrom(status: number, text: string, retryAfter: string | null = null): ApiError {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const outer = isObject(body) ? body : {};
  const inner = isObject(outer["error"]) ? outer["error"] : outer;
  const message = string(inner["message"]) ?? fallbackMessage(status);
  const details = string(inner["details"]);
  const retry = Number(retryAfter);
  return new ApiError(
    status,
    string(inner["code"]) ?? `http.${status}`,
    details && details !== message ? `${message} (${details})` : message,
    string(inner["field"]),
    string(inner["hint"]),
    string(inner["requestId"]),
    Number.isFinite(retry) && retry > 0 ? retry : undefined,
  );
}

function fallbackMessage(status: number): string {
  if (status === 401) return "You are signed out. Sign in again to continue.";
  if (status === 403) return "The server refused this action.";
  if (status === 404) return "This no longer exists. It may have been removed or renamed.";
  if (status === 413) return "This is larger than the server accepts.";
  if (status === 429) return "Too many requests. Wait a moment, then try again.";
  return `The server answered ${status} without an explanation. Its log has the reason.`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function string(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Turns whatever was thrown into a sentence fit to show. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return String(error);
}

/** A path from raw segments, each percent-encoded. */
export function pathOf(...segments: string[]): string {
  return segments.map((segment) => "/" + encodeURIComponent(segment)).join("");
}
