// Buckets and objects through the published client. Contract: insforge 7, pitfalls 14 to 17, rulings on private buckets and signed links.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { admin, anonKey, asAdmin, http, newPerson, unique, url, visitor } from './connection.mjs';

const newBucket = async (isPublic) => {
  const bucketName = unique('b');
  const body = isPublic === undefined ? { bucketName } : { bucketName, isPublic };
  const answer = await asAdmin('POST', '/api/storage/buckets', { body });
  assert.equal(answer.status, 201, answer.text);
  return bucketName;
};
const text = (content, type = 'text/plain', name = 'file.txt') => new File([content], name, { type });
const form = (file) => { const data = new FormData(); data.append('file', file); return data; };

describe('a bucket', () => {
  test('is private unless it is said to be public', async () => {
    const bucket = await newBucket();
    const list = await asAdmin('GET', '/api/storage/buckets');
    assert.equal(list.body.find(({ name }) => name === bucket).public, false);
    await asAdmin('PATCH', `/api/storage/buckets/${bucket}`, { body: { isPublic: true } });
    assert.equal((await asAdmin('GET', '/api/storage/buckets')).body.find(({ name }) => name === bucket).public, true);
  });

  test('has a plain, unique name and is managed by the administrator only', async () => {
    const bucket = await newBucket(true);
    const twice = await asAdmin('POST', '/api/storage/buckets', { body: { bucketName: bucket } });
    assert.deepEqual([twice.status, twice.body.error], [409, 'STORAGE_ALREADY_EXISTS']);
    for (const bucketName of ['', 'a b', '../x', 'a/b', 'a.b', 'ü', 'x'.repeat(300)]) {
      const answer = await asAdmin('POST', '/api/storage/buckets', { body: { bucketName } });
      assert.equal(answer.status, 400, bucketName);
      assert.match(answer.body.error, /STORAGE_INVALID_PARAMETER|INVALID_INPUT/);
    }
    const person = await newPerson();
    const refused = await http('POST', '/api/storage/buckets', { as: person.accessToken, body: { bucketName: unique('b') } });
    assert.deepEqual([refused.status, refused.body.error], [403, 'AUTH_UNAUTHORIZED']);
    assert.equal((await http('GET', '/api/storage/buckets', { as: person.accessToken })).status, 403);
    assert.equal((await asAdmin('PATCH', `/api/storage/buckets/${unique('none')}`, { body: { isPublic: true } })).status, 404);
    assert.equal((await asAdmin('DELETE', `/api/storage/buckets/${unique('none')}`)).status, 404);
  });

  test('is deleted with its objects', async () => {
    const bucket = await newBucket(true);
    await admin().storage.from(bucket).upload('a.txt', text('a'));
    assert.equal((await asAdmin('DELETE', `/api/storage/buckets/${bucket}`)).status, 200);
    assert.equal((await asAdmin('GET', `/api/storage/buckets/${bucket}/objects/a.txt`)).status, 404);
  });
});

describe('a file', () => {
  let bucket;
  let person;
  let files;
  before(async () => {
    bucket = await newBucket(false);
    person = await newPerson();
    files = person.client.storage.from(bucket);
  });

  test('is uploaded, listed, downloaded byte for byte, overwritten and removed', async () => {
    const bytes = new Uint8Array(70000).map((_, index) => (index * 31) % 251);
    const { data, error } = await files.upload('dir/ä b+c.bin', new File([bytes], 'x.bin', { type: 'application/x-thing' }));
    assert.equal(error, null, JSON.stringify(error));
    assert.deepEqual([data.bucket, data.key, data.size, data.mimeType], [bucket, 'dir/ä b+c.bin', 70000, 'application/x-thing']);
    assert.ok(data.url.startsWith(`${url}/api/storage/buckets/${bucket}/objects/`), data.url);
    assert.ok(Date.parse(data.uploadedAt));

    const list = await files.list({ prefix: 'dir/' });
    assert.equal(list.error, null);
    assert.equal(list.data.data.length, 1);
    const [listed] = list.data.data;
    assert.deepEqual([listed.key, listed.size, listed.mime_type, listed.uploaded_by, listed.uploaded_via], ['dir/ä b+c.bin', 70000, 'application/x-thing', person.user.id, 'rest']);
    assert.deepEqual(list.data.pagination, { offset: 0, limit: 100, total: 1 });

    const { data: blob, error: failed } = await files.download('dir/ä b+c.bin');
    assert.equal(failed, null);
    assert.deepEqual(new Uint8Array(await blob.arrayBuffer()), bytes);

    assert.equal((await files.upload('dir/ä b+c.bin', text('new'))).error, null);
    assert.equal(await (await files.download('dir/ä b+c.bin')).data.text(), 'new');

    assert.equal((await files.remove('dir/ä b+c.bin')).error, null);
    assert.equal((await files.download('dir/ä b+c.bin')).error.statusCode, 404);
    assert.equal((await files.remove('dir/ä b+c.bin')).error.error, 'STORAGE_NOT_FOUND');
  });

  test('goes under a made-up name by POST, and is 201', async () => {
    const answer = await http('POST', `/api/storage/buckets/${bucket}/objects`, { as: person.accessToken, body: form(text('x', 'text/plain', 'my report.txt')) });
    assert.equal(answer.status, 201, answer.text);
    assert.match(answer.body.key, /^.{1,32}-\d{13}-[a-z0-9]{6}\.txt$/);
    const put = await http('PUT', `/api/storage/buckets/${bucket}/objects/put.txt`, { as: person.accessToken, body: form(text('x')) });
    assert.equal(put.status, 200);
    const { error } = await files.uploadAuto(text('y', 'text/plain', 'auto.txt'));
    assert.equal(error, null);
  });

  test('many are removed by one request with one result each', async () => {
    await files.upload('r1.txt', text('1'));
    await files.upload('r/2.txt', text('2'));
    const { data, error } = await files.remove(['r1.txt', 'r/2.txt', 'never.txt']);
    assert.equal(error, null);
    assert.deepEqual(data.results.map(({ key, status }) => [key, status]), [['r1.txt', 'deleted'], ['r/2.txt', 'deleted'], ['never.txt', 'notFound']]);
    const nothing = await http('DELETE', `/api/storage/buckets/${bucket}/objects`, { as: person.accessToken, body: { keys: [] } });
    assert.equal(nothing.status, 400);
  });

  test('in a private bucket needs a credential, or a link that is truly signed', async () => {
    await files.upload('private.txt', text('for me'));
    const path = `/api/storage/buckets/${bucket}/objects/private.txt`;
    const bare = await http('GET', path);
    assert.deepEqual([bare.status, bare.body.error], [401, 'AUTH_INVALID_CREDENTIALS']);
    const { data, error } = await files.createSignedUrl('private.txt', 600);
    assert.equal(error, null);
    assert.ok(data.signedUrl.startsWith('http'), 'absolute');
    const late = Date.parse(data.expiresAt) - Date.now();
    assert.ok(late > 500_000 && late < 700_000, String(late));
    const linked = await http('GET', data.signedUrl);
    assert.deepEqual([linked.status, linked.text], [200, 'for me']);

    const forged = new URL(data.signedUrl);
    forged.pathname = forged.pathname.replace('private.txt', 'put.txt');
    assert.ok([401, 403].includes((await http('GET', forged.href)).status), 'the link opens no other file');
    for (const [name, value] of new URL(data.signedUrl).searchParams) {
      const changed = new URL(data.signedUrl);
      changed.searchParams.set(name, /^\d+$/.test(value) ? String(Number(value) + 1) : `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`);
      assert.ok([400, 401, 403].includes((await http('GET', changed.href)).status), `${name} is signed`);
    }
    const several = await files.createSignedUrls(['private.txt', 'never.txt'], 60);
    assert.ok(several.data[0].signedUrl);
    assert.equal(several.data[1].signedUrl, null);
    assert.ok(several.data[1].error);
    const strange = await http('GET', `/api/storage/buckets/${bucket}/download-strategy/objects/private.txt?expiresIn=soon`, { as: person.accessToken });
    assert.equal(strange.status, 400);
  });

  test('belongs to who uploaded it', async () => {
    await files.upload('owned.txt', text('mine'));
    const stranger = (await newPerson()).client.storage.from(bucket);
    assert.ok([403, 404].includes((await stranger.remove('owned.txt')).error?.statusCode));
    assert.ok([403, 404].includes((await stranger.upload('owned.txt', text('theirs'))).error?.statusCode));
    assert.equal((await stranger.list()).data?.data.some(({ key }) => key === 'owned.txt') ?? false, false);
    assert.equal(await (await files.download('owned.txt')).data.text(), 'mine');
    assert.equal(await (await admin().storage.from(bucket).download('owned.txt')).data.text(), 'mine');
    const anon = await http('GET', `/api/storage/buckets/${bucket}/objects`, { as: anonKey });
    assert.deepEqual([anon.status, anon.body.error], [403, 'FORBIDDEN']);
  });

  test('in a public bucket is read by everybody', async () => {
    const open = await newBucket(true);
    await admin().storage.from(open).upload('a/b.txt', text('hello'));
    const { data } = visitor().storage.from(open).getPublicUrl('a/b.txt');
    const answer = await http('GET', data.publicUrl);
    assert.deepEqual([answer.status, answer.text, answer.headers.get('x-content-type-options')], [200, 'hello', 'nosniff']);
    assert.equal(answer.headers.get('content-length'), '5');
    assert.equal((await http('GET', `/api/storage/buckets/${open}/objects/a/b.txt`)).status, 200, 'a raw slash is the same key');
  });

  test('that could run is never served as such, whatever it claims to be', async () => {
    const open = await newBucket(true);
    const hostile = '<!doctype html><script>alert(1)</script>';
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
    for (const [key, content, type] of [
      ['page.html', hostile, 'text/html'], ['page.txt', hostile, 'text/plain'], ['page.png', hostile, 'image/png'],
      ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'image/svg+xml'],
      ['code.js', 'alert(1)', 'text/javascript'], ['data.xml', '<?xml version="1.0"?><x/>', 'application/xml'],
    ]) {
      assert.equal((await admin().storage.from(open).upload(key, text(content, type))).error, null, key);
      const answer = await http('GET', `/api/storage/buckets/${open}/objects/${key}`);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type'), /^application\/octet-stream/, key);
      assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/, key);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    }
    await admin().storage.from(open).upload('real.dat', new File([png], 'real.dat', { type: 'text/html' }));
    assert.match((await http('GET', `/api/storage/buckets/${open}/objects/real.dat`)).headers.get('content-type'), /^image\/png/);
  });

  test('that is too large is 413, without a body 400, in no bucket 400', async () => {
    const large = new File([new Uint8Array(10 * 1024 * 1024 + 1)], 'large.bin');
    const tooLarge = await http('PUT', `/api/storage/buckets/${bucket}/objects/large.bin`, { as: person.accessToken, body: form(large) });
    assert.deepEqual([tooLarge.status, tooLarge.body.error], [413, 'STORAGE_INVALID_PARAMETER']);
    assert.equal((await files.download('large.bin')).error.statusCode, 404);
    const empty = new FormData();
    empty.append('other', 'x');
    assert.equal((await http('PUT', `/api/storage/buckets/${bucket}/objects/none.txt`, { as: person.accessToken, body: empty })).status, 400);
    const nowhere = await http('PUT', `/api/storage/buckets/${unique('none')}/objects/a.txt`, { as: person.accessToken, body: form(text('x')) });
    assert.ok([400, 404].includes(nowhere.status), nowhere.text);
  });
});
