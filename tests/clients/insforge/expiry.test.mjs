// Expired access tokens: the server of this file gives tokens that live two seconds. Contract: insforge 10.1, pitfall 3.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { claims, http, newEmail, newPerson, newTable, page, password, pause } from './connection.mjs';

let table;
before(async () => { table = await newTable([{ columnName: 'name', type: 'string' }]); });

test('an expired token is refused with the one code that makes clients refresh', async () => {
  const person = await newPerson();
  const { iat, exp } = claims(person.accessToken);
  assert.equal(exp - iat, 2);
  assert.equal((await http('GET', `/api/database/records/${table}`, { as: person.accessToken })).status, 200);
  await pause(3500);
  for (const path of [`/api/database/records/${table}`, '/api/auth/sessions/current']) {
    const answer = await http('GET', path, { as: person.accessToken });
    assert.equal(answer.status, 401, path);
    assert.equal(answer.body.error, 'AUTH_UNAUTHORIZED');
    assert.equal(answer.body.message, 'Invalid token');
  }
  const refreshed = await person.client.auth.refreshSession({ refreshToken: person.refreshToken });
  assert.equal(refreshed.error, null);
  assert.equal((await http('GET', `/api/database/records/${table}`, { as: refreshed.data.accessToken })).status, 200);
});

test('a page refreshes by itself, once for many requests, and goes on', async () => {
  const { client, requests } = page();
  assert.equal((await client.auth.signUp({ email: newEmail(), password })).error, null);
  await pause(3500);
  const answers = await Promise.all([1, 2, 3].map((number) => client.database.from(table).insert({ name: `row ${number}` }).select()));
  for (const { data, error } of answers) {
    assert.equal(error, null);
    assert.equal(data.length, 1);
  }
  assert.equal(requests.filter(({ pathname }) => pathname === '/api/auth/refresh').length, 1);
  assert.equal(requests.filter(({ status }) => status >= 500).length, 0);
});
