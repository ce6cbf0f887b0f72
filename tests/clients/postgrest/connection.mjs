// How the tests reach the Busbar under test: PostgREST's published client at both mounts, and bare HTTP.
import { randomBytes } from 'node:crypto';
import { PostgrestClient } from '@supabase/postgrest-js';

function told(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests with run.sh`);
  return value;
}

export const url = told('BUSBAR_URL');
export const apiKey = told('BUSBAR_API_KEY');
export const anonKey = told('BUSBAR_ANON_KEY');
export const jwtSecret = told('BUSBAR_JWT_SECRET');
export const onPostgres = told('BUSBAR_DATABASE') === 'postgres';

/** The two mounts of the record API. */
export const mounts = ['/rest/v1', '/api/database/records'];

/** The client at a mount, by default with full rights. */
export const client = (mount, key = apiKey) => new PostgrestClient(url + mount, { headers: { authorization: `Bearer ${key}`, apikey: key } });

/** A name that no other test uses. */
export const unique = (prefix) => `${prefix}_${randomBytes(5).toString('hex')}`;

/** One bare request with full rights unless `as` says otherwise; null shows no credential. */
export async function http(method, path, { as = apiKey, body, headers = {} } = {}) {
  const sent = { ...headers };
  if (as) sent.authorization = `Bearer ${as}`;
  if (body !== undefined) sent['content-type'] ??= 'application/json';
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url + path, { method, headers: sent, body: payload, redirect: 'manual' });
  const text = await answer.text();
  let parsed = text;
  try { parsed = JSON.parse(text); } catch { /* not JSON: the text is the body */ }
  return { status: answer.status, headers: answer.headers, text, body: parsed };
}

/** A table of these columns: `name type`, `!` for not null, `*` for unique; open to every role unless `guarded`. */
export async function newTable(columns, { foreignKeys, name = unique('t'), guarded = false } = {}) {
  const answer = await http('POST', '/api/database/tables', {
    body: {
      tableName: name,
      rlsEnabled: guarded,
      columns: columns.map((column) => {
        const [columnName, type] = column.split(' ');
        return { columnName, type: type.replace(/[!*]/g, ''), isNullable: !type.includes('!'), isUnique: type.includes('*') };
      }),
      ...(foreignKeys ? { foreignKeys } : {}),
    },
  });
  if (answer.status !== 201) throw new Error(`creating ${name}: ${answer.status} ${answer.text}`);
  return name;
}
