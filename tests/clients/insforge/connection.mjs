// How the tests reach the Busbar under test: the published client as a browser, a phone and an administrator would use it, and bare HTTP.
import { randomBytes } from 'node:crypto';
import { createAdminClient, createClient } from '@insforge/sdk';

function told(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests with run.sh`);
  return value;
}

export const url = told('BUSBAR_URL');
export const apiKey = told('BUSBAR_API_KEY');
export const anonKey = told('BUSBAR_ANON_KEY');
export const adminEmail = told('BUSBAR_ADMIN_EMAIL');
export const adminPassword = told('BUSBAR_ADMIN_PASSWORD');
export const jwtSecret = told('BUSBAR_JWT_SECRET');
export const database = told('BUSBAR_DATABASE');

export const password = 'correct-Horse-7-battery';

/** A name that no other test uses: letters and digits, starting with a letter. */
export const unique = (prefix) => `${prefix}_${randomBytes(5).toString('hex')}`;
export const newEmail = () => `${unique('person')}@example.com`;

/** One bare request. `as` is a bearer token; the answer's body is parsed when it is JSON. */
export async function http(method, path, { as, body, headers = {}, raw } = {}) {
  const sent = { ...headers };
  if (as) sent.authorization = `Bearer ${as}`;
  if (body !== undefined && raw === undefined && !(body instanceof FormData)) sent['content-type'] ??= 'application/json';
  const payload = raw ?? (body instanceof FormData ? body : body === undefined ? undefined : JSON.stringify(body));
  const answer = await fetch(path.startsWith('http') ? path : url + path, { method, headers: sent, body: payload, redirect: 'manual' });
  const text = await answer.text();
  let parsed = text;
  try { parsed = JSON.parse(text); } catch { /* not JSON: the text is the body */ }
  return { status: answer.status, headers: answer.headers, text, body: parsed };
}

export const asAdmin = (method, path, options = {}) => http(method, path, { ...options, as: apiKey });

/** A table with the given columns, open to every role unless `rlsEnabled` is asked for. */
export async function newTable(columns, options = {}) {
  const tableName = options.tableName ?? unique('t');
  const answer = await asAdmin('POST', '/api/database/tables', {
    body: {
      tableName,
      rlsEnabled: options.rlsEnabled ?? false,
      columns: columns.map((column) => ({ isNullable: true, isUnique: false, ...column })),
      ...(options.foreignKeys ? { foreignKeys: options.foreignKeys } : {}),
    },
  });
  if (answer.status !== 201) throw new Error(`creating ${tableName}: ${answer.status} ${answer.text}`);
  return tableName;
}

export const admin = () => createAdminClient({ baseUrl: url, apiKey });
export const visitor = () => createClient({ baseUrl: url, anonKey });

/** The client as a phone or a server uses it: the refresh token is in the body. */
export const phone = () => createClient({ baseUrl: url, anonKey, isServerMode: true });

/**
 * The client as a page uses it: cookies are kept and sent back as a browser would,
 * and `document.cookie` holds what scripts may read. Only one page per test file, because `document` is global.
 */
export function page() {
  const jar = new Map();
  const readable = new Map();
  globalThis.document = {
    get cookie() { return [...readable].map(([name, value]) => `${name}=${value}`).join('; '); },
    set cookie(line) {
      const [pair, ...attributes] = line.split(';');
      const [name, value] = pair.split('=');
      if (attributes.some((attribute) => attribute.trim() === 'max-age=0')) readable.delete(name);
      else readable.set(name, value);
    },
  };
  const requests = [];
  const browserFetch = async (address, options = {}) => {
    const { pathname } = new URL(address);
    const headers = new Headers(options.headers);
    const cookies = [...jar].filter(([, cookie]) => options.credentials === 'include' && pathname.startsWith(cookie.path));
    if (cookies.length) headers.set('cookie', cookies.map(([name, cookie]) => `${name}=${cookie.value}`).join('; '));
    const answer = await fetch(address, { ...options, headers });
    requests.push({ method: options.method ?? 'GET', pathname, status: answer.status });
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const [name, ...value] = pair.split('=');
      const attribute = Object.fromEntries(attributes.map((part) => { const [key, ...rest] = part.split('='); return [key.toLowerCase(), rest.join('=')]; }));
      const gone = attribute['max-age'] === '0' || (attribute.expires && new Date(attribute.expires) < new Date()) || value.join('=') === '';
      if (gone) jar.delete(name);
      else jar.set(name, { value: value.join('='), path: attribute.path ?? '/', attribute });
    }
    return answer;
  };
  return { client: createClient({ baseUrl: url, anonKey, fetch: browserFetch }), jar, readable, requests, browserFetch };
}

/** A person who has signed up, with the tokens a phone gets. */
export async function newPerson() {
  const email = newEmail();
  const client = phone();
  const { data, error } = await client.auth.signUp({ email, password, name: 'Ada' });
  if (error) throw new Error(`signing up: ${error.statusCode} ${error.error} ${error.message}`);
  return { email, client, user: data.user, accessToken: data.accessToken, refreshToken: data.refreshToken };
}

/** The payload of a token, unverified. */
export const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
export const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
