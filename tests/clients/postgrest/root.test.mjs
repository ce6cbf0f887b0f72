// The plain PostgREST root: credentials, methods, paths, CORS, its description.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { anonKey, apiKey, client, http, jwtSecret, mounts, newTable, onPostgres, url } from './connection.mjs';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(claims) {
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${head}.${createHmac('sha256', jwtSecret).update(head).digest('base64url')}`;
}
const soon = Math.floor(Date.now() / 1000) + 600;

describe('the plain root', () => {
  let table;
  before(async () => { table = await newTable(['n integer!', 't string']); });

  test('says how long the parts of an answer took', async () => {
    const answer = await http('GET', `/rest/v1/${table}`);
    assert.match(answer.headers.get('server-timing'), /^jwt;dur=[\d.]+, parse;dur=[\d.]+, plan;dur=[\d.]+, transaction;dur=[\d.]+$/);
  });

  test('takes a bearer or an apikey, and refuses as PostgREST does', async () => {
    const path = `/rest/v1/${table}`;
    assert.equal((await http('GET', path, { as: null, headers: { apikey: anonKey } })).status, 200);
    assert.equal((await http('GET', path, { as: token({ sub: '00000000-0000-4000-8000-000000000001', role: 'authenticated', exp: soon }) })).status, 200);
    assert.equal((await http('GET', path, { as: token({ role: 'anon', exp: soon }) })).status, 200);
    for (const [as, code, message] of [
      [null, 'PGRST302', 'Anonymous access is disabled'],
      ['nonsense', 'PGRST301', 'Expected 3 parts in JWT; got 1'],
      ['a.b.c', 'PGRST301', 'JWSError JWSInvalidSignature'],
      [token({ role: 'project_admin', exp: soon }), 'PGRST301', 'JWSError JWSInvalidSignature'],
    ]) {
      const answer = await http('GET', path, { as });
      assert.deepEqual([answer.status, answer.body.code, answer.body.message], [401, code, message]);
      assert.match(answer.headers.get('www-authenticate'), /^Bearer/);
      assert.equal(answer.headers.get('proxy-status'), `PostgREST; error=${code}`);
    }
    const late = await http('GET', path, { as: token({ role: 'authenticated', sub: 'x', exp: soon - 6000 }) });
    assert.deepEqual([late.status, late.body.code, late.body.message], [401, 'PGRST301', 'JWT expired']);
  });

  test('lets policies read the same claims of a token as the gateway does', async () => {
    const teams = await newTable(['team string!'], { guarded: true });
    const policy = { tableName: teams, policyName: 'own', roles: ['authenticated'], using: "team = auth.jwt() ->> 'team'" };
    assert.equal((await http('POST', '/api/database/policies', { body: policy })).status, 201);
    assert.equal((await http('POST', `/rest/v1/${teams}`, { body: [{ team: 'red' }, { team: 'blue' }] })).status, 201);
    const red = token({ sub: 'x', role: 'authenticated', team: 'red', exp: soon });
    for (const mount of mounts) {
      const seen = await http('GET', `${mount}/${teams}?select=team`, { as: red });
      assert.deepEqual([seen.status, seen.body], [200, [{ team: 'red' }]], mount);
    }
  });

  test('keeps empty texts, unlike the gateway', async () => {
    const { data } = await client('/rest/v1').from(table).insert({ n: 1, t: '' }).select('t').single();
    assert.deepEqual(data, { t: '' });
    const silent = await http('POST', `/rest/v1/${table}`, { body: { n: 2 } });
    assert.deepEqual([silent.status, silent.text], [201, '']);
    const empty = await http('POST', `/rest/v1/${table}`, { body: { n: '' } });
    assert.deepEqual([empty.status, empty.body.code], [400, '22P02']);
  });

  test('says which methods there are, and refuses the rest', async () => {
    assert.equal((await http('OPTIONS', `/rest/v1/${table}`)).headers.get('allow'), 'OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE');
    const deep = await http('GET', `/rest/v1/${table}/deeper`);
    assert.deepEqual([deep.status, deep.body.code], [404, 'PGRST125']);
    const unknown = await http('GET', '/rest/v1/no_such_table');
    assert.deepEqual([unknown.status, unknown.body.code], [404, '42P01']);
    const near = await http('GET', `/rest/v1/${table}x`);
    assert.equal(near.body.hint, `Perhaps you meant the table 'public.${table}'`);
    const head = await http('HEAD', `/rest/v1/${table}`);
    assert.deepEqual([head.status, head.text], [200, '']);
  });

  test('picks schemas by header', async () => {
    assert.equal((await http('GET', `/rest/v1/${table}`, { headers: { 'accept-profile': 'public' } })).status, 200);
    const other = await http('GET', `/rest/v1/${table}`, { headers: { 'accept-profile': 'nope' } });
    assert.deepEqual([other.status, other.body.code], [406, 'PGRST106']);
    const written = await http('POST', `/rest/v1/${table}`, { body: { n: 3 }, headers: { 'content-profile': 'system' } });
    assert.deepEqual([written.status, written.body.code], [406, 'PGRST106']);
  });

  test('lets pages of other origins read its headers', async () => {
    const answer = await fetch(`${url}/rest/v1/${table}`, { headers: { apikey: apiKey, origin: 'https://example.com' } });
    await answer.text();
    const exposed = answer.headers.get('access-control-expose-headers').split(',').map((name) => name.trim());
    for (const name of ['Content-Encoding', 'Content-Location', 'Content-Range', 'Content-Type', 'Date', 'Location', 'Server', 'Transfer-Encoding', 'Range-Unit']) {
      assert.ok(exposed.includes(name), name);
    }
    const asked = await fetch(`${url}/rest/v1/${table}`, {
      method: 'OPTIONS', headers: { origin: 'https://example.com', 'access-control-request-method': 'POST', 'access-control-request-headers': 'prefer' },
    });
    assert.deepEqual([asked.headers.get('access-control-max-age'), asked.headers.get('access-control-allow-headers')], ['86400', 'prefer']);
  });

  test('describes itself as OpenAPI 2.0, by rights', async () => {
    const { status, headers, body } = await http('GET', '/rest/v1/');
    assert.equal(status, 200);
    assert.match(headers.get('content-type'), /^application\/openapi\+json/);
    assert.equal(body.swagger, '2.0');
    assert.deepEqual(Object.keys(body.paths[`/${table}`]).sort(), ['delete', 'get', 'patch', 'post']);
    assert.match(body.definitions[table].properties.id.description, /<pk\/>/);
    assert.deepEqual(body.definitions[table].properties.n, { format: 'integer', type: 'integer' });
    assert.ok(body.definitions[table].required.includes('n'));
    if (onPostgres) assert.ok(body.paths['/rpc/add_them'].get);
  });
});
