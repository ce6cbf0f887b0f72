// Bad input and forged tokens: a clear 4xx each, never a 5xx, nothing changed.
import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { admin, apiKey, asAdmin, http, jwtSecret, newPerson, newTable, unique } from './connection.mjs';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hs256 = (header, payload, key) => {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
};
const now = () => Math.floor(Date.now() / 1000);

describe('a forged token', () => {
  let person;
  let header;
  let payload;
  before(async () => {
    person = await newPerson();
    [header, payload] = person.accessToken.split('.').slice(0, 2).map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()));
  });
  const refusedEverywhere = async (token, name) => {
    for (const [method, path] of [['GET', '/api/auth/sessions/current'], ['GET', '/api/database/tables'], ['GET', '/api/database/records/any']]) {
      const answer = await http(method, path, { as: token });
      assert.equal(answer.status, 401, `${name} at ${path}: ${answer.text}`);
      assert.equal(answer.body.error, 'AUTH_UNAUTHORIZED');
    }
  };

  test('with alg none is refused, in every spelling', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      for (const signature of ['', person.accessToken.split('.')[2]]) {
        await refusedEverywhere(`${part({ ...header, alg })}.${part({ ...payload, role: 'project_admin' })}.${signature}`, `alg ${alg}`);
      }
    }
  });

  test('signed with the public key as if it were a shared secret is refused', async () => {
    const { body } = await http('GET', '/.well-known/jwks.json');
    const jwk = body.keys.find(({ kid }) => kid === header.kid);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    for (const secret of [key.export({ type: 'spki', format: 'pem' }), key.export({ type: 'spki', format: 'der' }), JSON.stringify(jwk)]) {
      await refusedEverywhere(hs256({ ...header, alg: 'HS256' }, { ...payload, role: 'project_admin' }, secret), 'key confusion');
    }
  });

  test('with a changed claim, a foreign key, an embedded key or a broken form is refused', async () => {
    const [head, , signature] = person.accessToken.split('.');
    await refusedEverywhere(`${head}.${part({ ...payload, role: 'project_admin' })}.${signature}`, 'changed claim');
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const extra of [{}, { jwk: publicKey.export({ format: 'jwk' }) }, { jku: 'http://127.0.0.1:1/keys' }, { kid: '../../../../dev/null' }, { kid: "' or '1'='1" }]) {
      const text = `${part({ ...header, alg: 'RS256', ...extra })}.${part({ ...payload, role: 'project_admin' })}`;
      await refusedEverywhere(`${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`, JSON.stringify(extra).slice(0, 30));
    }
    for (const token of ['a', 'a.b', 'a.b.c', 'a.b.c.d', '..', `${head}..${signature}`, person.accessToken.slice(0, -2), `${person.accessToken}.`, 'x'.repeat(7000)]) {
      await refusedEverywhere(token, token.slice(0, 30));
    }
  });

  test('signed with the shared secret can be a person at most, and only for a time', async () => {
    const head = { alg: 'HS256', typ: 'JWT' };
    await refusedEverywhere(hs256(head, { sub: person.user.id, role: 'authenticated' }, jwtSecret), 'no expiry');
    await refusedEverywhere(hs256(head, { sub: person.user.id, role: 'authenticated', exp: now() - 60 }, jwtSecret), 'expired');
    await refusedEverywhere(hs256(head, { sub: person.user.id, role: 'authenticated', exp: now() + 60, type: 'refresh' }, jwtSecret), 'refresh');
    const asAdministrator = await http('GET', '/api/database/tables', { as: hs256(head, { sub: person.user.id, role: 'project_admin', exp: now() + 60 }, jwtSecret) });
    assert.ok([401, 403].includes(asAdministrator.status), asAdministrator.text);
    const asNobody = await http('GET', '/api/database/tables', { as: hs256(head, { sub: 'x', role: 'postgres', exp: now() + 60 }, jwtSecret) });
    assert.ok([401, 403].includes(asNobody.status), asNobody.text);
  });

  test('is not a refresh token, nor is a refresh token an access token', async () => {
    await refusedEverywhere(person.refreshToken, 'refresh token');
    const answer = await http('POST', '/api/auth/refresh?client_type=mobile', { body: { refreshToken: person.accessToken } });
    assert.equal(answer.status, 401);
  });
});

describe('SQL in every place of a name', () => {
  let table;
  before(async () => {
    table = await newTable([{ columnName: 'name', type: 'string' }]);
    await admin().database.from(table).insert({ name: 'kept' });
  });
  const attacks = ['name"; drop table x; --', "name' or '1'='1", 'name) or (1=1', 'name/**/or/**/1=1', 'name;select pg_sleep(5)', '"', "'", '\\', '--', 'name"=\'kept\' or "name', '$$', 'x::text', 'count(*)', 'sqlite_version()', 'rowid"', '*,(select 1)'];

  for (const attack of attacks) {
    test(attack, async () => {
      const text = encodeURIComponent(attack);
      for (const [method, path, body] of [
        ['GET', `/api/database/records/${text}`],
        ['GET', `/api/database/records/${table}?select=${text}`],
        ['GET', `/api/database/records/${table}?order=${text}`],
        ['GET', `/api/database/records/${table}?${text}=eq.1`],
        ['GET', `/api/database/records/${table}?or=(${text}.eq.1)`],
        ['POST', `/api/database/records/${table}`, { [attack]: 'x' }],
        ['POST', `/api/database/records/${table}?columns=${text}`, { name: 'x' }],
        ['POST', `/api/database/records/${table}?on_conflict=${text}`, { name: 'x' }, 'resolution=merge-duplicates'],
        ['PATCH', `/api/database/records/${table}?name=eq.nobody`, { [attack]: 'x' }],
        ['DELETE', `/api/database/records/${table}?${text}=eq.1`],
        ['GET', `/api/database/tables/${text}/schema`],
        ['POST', '/api/database/tables', { tableName: attack, columns: [{ columnName: 'name', type: 'string', isNullable: true, isUnique: false }] }],
        ['POST', '/api/database/tables', { tableName: unique('t'), columns: [{ columnName: attack, type: 'string', isNullable: true, isUnique: false }] }],
        ['PATCH', `/api/database/tables/${table}/schema`, { updateColumns: [{ columnName: 'name', newColumnName: attack }] }],
        ['PATCH', `/api/database/tables/${table}/schema`, { dropColumns: [attack] }],
        ['PATCH', `/api/database/tables/${table}/schema`, { renameTable: { newTableName: attack } }],
        ['GET', `/api/database/records/${table}?schema=${text}`],
      ]) {
        const answer = await asAdmin(method, path, { body, headers: method === 'POST' && path.includes('on_conflict') ? { prefer: 'resolution=merge-duplicates' } : {} });
        assert.ok(answer.status >= 400 && answer.status < 500, `${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${answer.text.slice(0, 200)}`);
      }
      const value = await asAdmin('GET', `/api/database/records/${table}?name=eq.${text}`);
      assert.deepEqual([value.status, value.text], [200, '[]'], 'as a value it is only a value');
      assert.deepEqual((await admin().database.from(table).select('name')).data, [{ name: 'kept' }]);
    });
  }
});

describe('a default value', () => {
  test('that is SQL is text or refused, never run', async () => {
    for (const defaultValue of ["x'); drop table y; --", "'||(select 1)||'", '(select 1)']) {
      const tableName = unique('t');
      const answer = await asAdmin('POST', '/api/database/tables', { body: { tableName, rlsEnabled: false, columns: [{ columnName: 'name', type: 'string', isNullable: true, isUnique: false, defaultValue }, { columnName: 'other', type: 'string', isNullable: true, isUnique: false }] } });
      assert.ok(answer.status === 201 || answer.status === 400, answer.text);
      if (answer.status === 201) {
        const { data, error } = await admin().database.from(tableName).insert({ other: 'x' }).select('name').single();
        assert.equal(error, null);
        const unquoted = defaultValue.replace(/^'(.*)'$/, '$1');
        assert.ok([defaultValue, unquoted].includes(data.name), `${defaultValue} became ${data.name}`);
      }
    }
  });
});

describe('a path', () => {
  test('that climbs out of a bucket is refused', async () => {
    const bucketName = unique('b');
    await asAdmin('POST', '/api/storage/buckets', { body: { bucketName, isPublic: true } });
    const data = () => { const form = new FormData(); form.append('file', new File(['x'], 'x.txt')); return form; };
    for (const key of ['..%2Fescape.txt', '%2e%2e%2fescape.txt', 'a%2F..%2F..%2Fescape.txt', '%2Fetc%2Fpasswd', '..%5Cescape.txt', 'a%00b', '..', '%2e%2e', 'a/../../b', '%252e%252e%252fx%2F..%2Fy']) {
      for (const method of ['PUT', 'GET', 'DELETE']) {
        const answer = await http(method, `/api/storage/buckets/${bucketName}/objects/${key}`, { as: apiKey, ...(method === 'PUT' ? { body: data() } : {}) });
        assert.ok(answer.status >= 400 && answer.status < 500, `${method} ${key}: ${answer.status} ${answer.text.slice(0, 200)}`);
      }
    }
    for (const bucket of ['..', '%2e%2e', '..%2F..', 'a%00b', '.']) {
      const answer = await http('PUT', `/api/storage/buckets/${bucket}/objects/x.txt`, { as: apiKey, body: data() });
      assert.ok(answer.status >= 400 && answer.status < 500, `${bucket}: ${answer.status}`);
    }
    const list = await asAdmin('GET', `/api/storage/buckets/${bucketName}/objects`);
    assert.deepEqual(list.body.data, []);
  });

  test('of the console serves no file outside its bundle', async () => {
    for (const path of ['/admin/..%2f..%2fCargo.toml', '/admin/%2e%2e/%2e%2e/etc/passwd', '/admin/....//etc/passwd']) {
      const answer = await http('GET', path);
      assert.ok(answer.status < 500, path);
      assert.doesNotMatch(answer.text, /root:|\[workspace\]/);
    }
  });
});

describe('a body', () => {
  let table;
  before(async () => { table = await newTable([{ columnName: 'name', type: 'string' }, { columnName: 'doc', type: 'json' }]); });
  const post = (path, raw, type = 'application/json') => asAdmin('POST', path, { raw, headers: { 'content-type': type } });

  test('nested ten thousand deep is refused', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const object = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    for (const path of [`/api/database/records/${table}`, '/api/auth/sessions', '/api/database/tables', '/api/storage/buckets']) {
      for (const raw of [deep, object, `{"doc":${deep}}`, `[{"name":"x","doc":${object}}]`]) {
        const answer = await post(path, raw);
        assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
      }
    }
    assert.equal((await asAdmin('GET', '/health/ready')).status, 200);
  });

  test('that is not UTF-8, holds a null byte or a lone surrogate is refused or kept whole, never a 5xx', async () => {
    for (const raw of [Buffer.from([0x7b, 0x22, 0x6e, 0x61, 0x6d, 0x65, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]), '{"name":"a\\u0000b"}', '{"name":"\\ud800"}', '{"doc":"\\u0000"}']) {
      const answer = await post(`/api/database/records/${table}`, raw);
      assert.ok(answer.status < 500, `${raw}: ${answer.status} ${answer.text}`);
    }
  });

  test('of a type that is not understood is refused', async () => {
    for (const type of ['application/xml', 'text/html', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16', ';;;']) {
      const answer = await post(`/api/database/records/${table}`, '<x/>', type);
      assert.ok(answer.status >= 400 && answer.status < 500, `${type}: ${answer.status}`);
    }
  });

  test('with numbers at the edge is refused or exact', async () => {
    for (const number of ['1e400', '-1e400', '1e-400', '99999999999999999999999999999999', '-0']) {
      const answer = await post(`/api/database/records/${table}`, `{"doc":{"n":${number}}}`);
      assert.ok(answer.status < 500, `${number}: ${answer.status} ${answer.text}`);
    }
  });

  test('with the same key twice does not confuse the checks', async () => {
    const answer = await post('/api/auth/sessions', '{"email":"a@example.com","email":"b@example.com","password":"x"}');
    assert.ok(answer.status >= 400 && answer.status < 500);
  });

  test('larger than the limit is 413', async () => {
    const answer = await post('/api/auth/sessions', `{"email":"${'a'.repeat(11 * 1024 * 1024)}","password":"x"}`).catch((error) => ({ status: 413, text: String(error) }));
    assert.ok([400, 413].includes(answer.status), `${answer.status} ${answer.text.slice(0, 100)}`);
  });

  test('is not read into a prototype', async () => {
    const person = await newPerson();
    const answer = await http('PATCH', '/api/auth/profiles/current', { as: person.accessToken, raw: '{"profile":{"__proto__":{"role":"project_admin"},"constructor":1}}', headers: { 'content-type': 'application/json' } });
    assert.equal(answer.status, 200);
    assert.equal((await http('GET', '/api/database/tables', { as: person.accessToken })).status, 403);
  });
});

describe('a header', () => {
  test('that lies about size or type leaves the server up', async () => {
    for (const headers of [{ range: 'items=5-1' }, { range: '9-1' }, { range: '-5' }, { prefer: 'count=exact,count=planned,return=everything' }, { prefer: ','.repeat(500) }, { accept: 'nothing/at-all' }, { accept: ';;;' }, { 'accept-profile': 'pg_catalog' }, { 'content-profile': '"; drop' }]) {
      const answer = await asAdmin('GET', `/api/database/records/${unique('none')}`, { headers });
      assert.ok(answer.status >= 400 && answer.status < 500, `${JSON.stringify(headers)}: ${answer.status}`);
    }
  });
});
