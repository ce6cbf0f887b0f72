// Accounts: sign-up, sign-in, the current session, refresh, profile, sign-out. Contract: insforge 2 and 3, pitfalls 1, 2, 4, 5, 12, 13.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { adminEmail, adminPassword, anonKey, apiKey, asAdmin, claims, http, newEmail, newPerson, page, password, phone, visitor } from './connection.mjs';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('a person', () => {
  let person;
  before(async () => { person = await newPerson(); });

  test('signs up and gets a user of the documented shape', () => {
    const { user } = person;
    assert.match(user.id, UUID);
    assert.equal(user.email, person.email);
    assert.equal(typeof user.emailVerified, 'boolean');
    assert.deepEqual(user.providers, ['email']);
    assert.equal(user.profile.name, 'Ada');
    assert.equal(typeof user.metadata, 'object');
    assert.match(user.createdAt, ISO);
    assert.match(user.updatedAt, ISO);
    assert.equal('password' in user, false);
  });

  test('gets an asymmetrically signed access token of 15 minutes with the documented claims', () => {
    const header = JSON.parse(Buffer.from(person.accessToken.split('.')[0], 'base64url').toString());
    assert.ok(['RS256', 'ES256', 'EdDSA'].includes(header.alg), header.alg);
    assert.ok(header.kid);
    const { sub, email, role, iat, exp } = claims(person.accessToken);
    assert.deepEqual({ sub, email, role }, { sub: person.user.id, email: person.email, role: 'authenticated' });
    assert.equal(exp - iat, 900);
  });

  test('is verifiable with the published keys', async () => {
    for (const path of ['/.well-known/jwks.json', '/api/.well-known/jwks.json']) {
      const answer = await http('GET', path);
      assert.equal(answer.status, 200);
      const header = JSON.parse(Buffer.from(person.accessToken.split('.')[0], 'base64url').toString());
      const key = answer.body.keys.find((candidate) => candidate.kid === header.kid);
      assert.ok(key, 'the token names a published key');
      assert.equal('d' in key, false, 'no private part');
    }
  });

  test('signs in again without any credential', async () => {
    const answer = await http('POST', '/api/auth/sessions?client_type=mobile', { body: { email: person.email, password } });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.user.id, person.user.id);
    assert.ok(answer.body.accessToken);
    assert.ok(answer.body.refreshToken);
    assert.equal('csrfToken' in answer.body, false);
    assert.deepEqual(answer.headers.getSetCookie(), []);
  });

  test('is not shown whether the address or the password was wrong', async () => {
    const wrongPassword = await http('POST', '/api/auth/sessions', { body: { email: person.email, password: 'wrong-password' } });
    const wrongAddress = await http('POST', '/api/auth/sessions', { body: { email: newEmail(), password } });
    assert.equal(wrongPassword.status, 401);
    assert.deepEqual(wrongPassword.body, wrongAddress.body);
    assert.equal(wrongPassword.body.error, 'AUTH_UNAUTHORIZED');
    assert.equal(wrongPassword.body.message, 'Invalid credentials');
  });

  test('reads the current session', async () => {
    const answer = await http('GET', '/api/auth/sessions/current', { as: person.accessToken });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.user.id, person.user.id);
  });

  test('refreshes with the rotated token, and the old token is refused', async () => {
    const client = phone();
    const first = await client.auth.signInWithPassword({ email: person.email, password });
    const second = await client.auth.refreshSession({ refreshToken: first.data.refreshToken });
    assert.equal(second.error, null);
    assert.equal(second.data.user.id, person.user.id);
    assert.notEqual(second.data.refreshToken, first.data.refreshToken);
    const third = await client.auth.refreshSession({ refreshToken: second.data.refreshToken });
    assert.equal(third.error, null);
    const snake = await http('POST', '/api/auth/refresh?client_type=mobile', { body: { refresh_token: third.data.refreshToken } });
    assert.equal(snake.status, 200);
    const replayed = await client.auth.refreshSession({ refreshToken: first.data.refreshToken });
    assert.equal(replayed.error.statusCode, 401);
    assert.equal(replayed.error.error, 'AUTH_UNAUTHORIZED');
  });

  test('merges a profile, and anyone may read it', async () => {
    const set = await person.client.auth.setProfile({ bio: 'counts' });
    assert.equal(set.error, null);
    assert.deepEqual(set.data, { id: person.user.id, profile: { name: 'Ada', bio: 'counts' } });
    const read = await visitor().auth.getProfile(person.user.id);
    assert.deepEqual(read.data, set.data);
  });

  test('has a unique address, whatever its case', async () => {
    for (const email of [person.email, person.email.toUpperCase()]) {
      const { error } = await visitor().auth.signUp({ email, password });
      assert.equal(error.statusCode, 409);
      assert.equal(error.error, 'AUTH_EMAIL_EXISTS');
    }
  });

  test('is listed to the administrator, newest first, and can be deleted', async () => {
    const gone = await newPerson();
    const list = await asAdmin('GET', '/api/auth/users?limit=1&offset=0');
    assert.equal(list.status, 200);
    assert.equal(list.body.data.length, 1);
    assert.equal(list.body.pagination.limit, 1);
    assert.ok(list.body.pagination.total >= 2);
    const found = await asAdmin('GET', `/api/auth/users?search=${encodeURIComponent(gone.email)}`);
    assert.deepEqual(found.body.data.map((user) => user.id), [gone.user.id]);
    const deleted = await asAdmin('DELETE', '/api/auth/users', { body: { userIds: [gone.user.id] } });
    assert.equal(deleted.body.deletedCount, 1);
    assert.equal((await asAdmin('GET', `/api/auth/users/${gone.user.id}`)).status, 404);
    const refused = await http('POST', '/api/auth/sessions', { body: { email: gone.email, password } });
    assert.equal(refused.status, 401);
  });
});

describe('a page', () => {
  test('signs in with a cookie and a CSRF value, refreshes with both, and signs out', async () => {
    const { client, jar, readable } = page();
    const email = newEmail();
    const { data, error } = await client.auth.signUp({ email, password });
    assert.equal(error, null);
    assert.ok(data.csrfToken);
    assert.equal('refreshToken' in data, false);
    const cookie = jar.get('insforge_refresh_token');
    assert.ok(cookie, 'the refresh token is a cookie');
    assert.equal(cookie.path, '/api/auth');
    assert.ok('httponly' in cookie.attribute);
    assert.ok('secure' in cookie.attribute);
    assert.equal(cookie.attribute.samesite, 'None');
    assert.equal(cookie.attribute['max-age'], '604800');
    assert.equal(readable.get('insforge_csrf_token'), data.csrfToken);

    const refreshed = await client.auth.refreshSession();
    assert.equal(refreshed.error, null);
    assert.equal(refreshed.data.csrfToken, data.csrfToken, 'the CSRF value survives rotation');
    assert.notEqual(jar.get('insforge_refresh_token').value, cookie.value, 'the refresh token was rotated');

    const held = `insforge_refresh_token=${jar.get('insforge_refresh_token').value}`;
    for (const headers of [{ cookie: held }, { cookie: held, 'x-csrf-token': '0'.repeat(64) }]) {
      const refused = await http('POST', '/api/auth/refresh', { headers });
      assert.equal(refused.status, 403);
      assert.equal(refused.body.error, 'FORBIDDEN');
      assert.equal(refused.body.message, 'Invalid CSRF token');
    }

    const { error: leaving } = await client.auth.signOut();
    assert.equal(leaving, null);
    assert.equal(jar.has('insforge_refresh_token'), false);
    const after = await http('POST', '/api/auth/refresh', { headers: { cookie: held, 'x-csrf-token': data.csrfToken } });
    assert.equal(after.status, 401, 'a signed-out session cannot be refreshed');
    delete globalThis.document;
  });
});

describe('credentials', () => {
  test('sign-up needs one', async () => {
    const answer = await http('POST', '/api/auth/users', { body: { email: newEmail(), password } });
    assert.equal(answer.status, 401);
    assert.equal(answer.body.error, 'AUTH_INVALID_CREDENTIALS');
    assert.equal(answer.body.message, 'No token provided');
  });

  test('an administrator who signs somebody up gets no session of theirs', async () => {
    const answer = await asAdmin('POST', '/api/auth/users', { body: { email: newEmail(), password, autoConfirm: true } });
    assert.equal(answer.status, 200);
    assert.equal('csrfToken' in answer.body || 'refreshToken' in answer.body, false);
    assert.deepEqual(answer.headers.getSetCookie(), []);
  });

  test('the API key is taken as a header and as a bearer', async () => {
    assert.equal((await http('GET', '/api/database/tables', { headers: { 'x-api-key': apiKey } })).status, 200);
    assert.equal((await http('GET', '/api/database/tables', { as: apiKey })).status, 200);
  });

  test('the current session is for people only', async () => {
    for (const as of [anonKey, apiKey]) {
      const answer = await http('GET', '/api/auth/sessions/current', { as });
      assert.equal(answer.status, 401, as);
    }
    assert.equal((await http('GET', '/api/auth/sessions/current')).status, 401);
  });

  test('the administrator signs in with a name and a password and manages with the token', async () => {
    const answer = await http('POST', '/api/auth/admin/sessions', { body: { username: adminEmail, password: adminPassword } });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(claims(answer.body.accessToken).role, 'project_admin');
    assert.ok(answer.headers.getSetCookie().some((line) => line.startsWith('insforge_admin_refresh_token=') && line.includes('Path=/api/auth/admin')));
    assert.equal((await http('GET', '/api/database/tables', { as: answer.body.accessToken })).status, 200);
    const current = await http('GET', '/api/auth/admin/sessions/current', { as: answer.body.accessToken });
    assert.equal(current.body.admin.sub, claims(answer.body.accessToken).sub);
    const wrong = await http('POST', '/api/auth/admin/sessions', { body: { username: adminEmail, password: 'wrong-password' } });
    assert.equal(wrong.status, 401);
    assert.equal(wrong.body.error, 'AUTH_UNAUTHORIZED');
  });

  test('the public configuration is public and complete', async () => {
    const { data, error } = await visitor().auth.getPublicAuthConfig();
    assert.equal(error, null);
    for (const field of ['oAuthProviders', 'customOAuthProviders', 'requireEmailVerification', 'passwordMinLength', 'requireNumber',
      'requireLowercase', 'requireUppercase', 'requireSpecialChar', 'verifyEmailMethod', 'resetPasswordMethod', 'disableSignup']) {
      assert.ok(field in data, field);
    }
  });
});
