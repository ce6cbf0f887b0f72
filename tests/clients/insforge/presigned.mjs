// The published client over a Busbar whose files lie in S3: it sends them there by a signed form, confirms them, and fetches them from there.
// tests/peers/s3.py runs this, with S3 in BUSBAR_TEST_S3_URL.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asAdmin, http, newPerson, unique } from './connection.mjs';

const server = process.env.BUSBAR_TEST_S3_URL;
const bucketName = unique('b');
assert.equal((await asAdmin('POST', '/api/storage/buckets', { body: { bucketName, isPublic: false } })).status, 201);
const person = await newPerson();
const files = person.client.storage.from(bucketName);
const strategyOf = (as, body) => http('POST', `/api/storage/buckets/${bucketName}/upload-strategy`, { as, body });

test('a file goes up and comes down without passing through Busbar', async () => {
  const bytes = new Uint8Array(300000).map((_, index) => (index * 31) % 251);
  const { data, error } = await files.upload('dir/ä b+c.bin', new File([bytes], 'x.bin', { type: 'application/x-thing' }));
  assert.equal(error, null, JSON.stringify(error));
  assert.deepEqual([data.bucket, data.key, data.size, data.mimeType], [bucketName, 'dir/ä b+c.bin', 300000, 'application/x-thing']);
  const { data: blob, error: failed } = await files.download('dir/ä b+c.bin');
  assert.equal(failed, null, JSON.stringify(failed));
  assert.deepEqual(new Uint8Array(await blob.arrayBuffer()), bytes);
  const again = await files.upload('dir/ä b+c.bin', new File(['new'], 'x.txt', { type: 'text/plain' }));
  assert.equal(again.error, null, JSON.stringify(again.error));
  assert.equal(await (await files.download('dir/ä b+c.bin')).data.text(), 'new');
  const list = await files.list();
  assert.deepEqual(list.data.data.map(({ key, size }) => [key, size]), [['dir/ä b+c.bin', 3]]);
  const auto = await files.uploadAuto(new File(['y'], 'auto.txt', { type: 'text/plain' }));
  assert.equal(auto.error, null, JSON.stringify(auto.error));
});

test('the strategies lead to the server', async () => {
  const up = await strategyOf(person.accessToken, { filename: 'x.txt', contentType: 'text/plain', size: 1 });
  assert.equal(up.status, 200, up.text);
  assert.deepEqual([up.body.method, up.body.confirmRequired, up.body.key], ['presigned', true, 'x.txt']);
  assert.ok(up.body.uploadUrl.startsWith(server), up.body.uploadUrl);
  assert.ok(Date.parse(up.body.expiresAt) > Date.now());
  const down = await http('GET', `/api/storage/buckets/${bucketName}/download-strategy/objects/${encodeURIComponent('dir/ä b+c.bin')}`, { as: person.accessToken });
  assert.equal(down.body.method, 'presigned', down.text);
  assert.ok(down.body.url.startsWith(server), down.body.url);
});

test('what another person, a larger file or a changed form tries fails', async () => {
  const other = await newPerson();
  const refused = await strategyOf(other.accessToken, { filename: 'dir/ä b+c.bin', size: 1 });
  assert.deepEqual([refused.status, refused.body.error], [403, 'STORAGE_PERMISSION_DENIED']);
  const { body: strategy } = await strategyOf(person.accessToken, { filename: 'mine.txt', contentType: 'text/plain', size: 100 });
  const send = async (fields, content) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([content]));
    return (await fetch(strategy.uploadUrl, { method: 'POST', body: form })).status;
  };
  assert.equal((await http('POST', strategy.confirmUrl, { as: person.accessToken, body: { size: 1 } })).status, 404, 'nothing came yet');
  if (process.env.BUSBAR_TEST_S3_CHECKS === '1') {
    assert.equal(await send({ ...strategy.fields, key: 'elsewhere' }, 'x'), 403);
    assert.equal(await send({ ...strategy.fields, 'x-amz-signature': '0'.repeat(64) }, 'x'), 403);
    assert.equal(await send(strategy.fields, new Uint8Array(101)), 400, 'more than was announced');
  }
  assert.ok([200, 204].includes(await send(strategy.fields, 'mine')));
  assert.equal((await http('POST', strategy.confirmUrl, { as: other.accessToken, body: { size: 4 } })).status, 404);
  const confirmed = await http('POST', strategy.confirmUrl, { as: person.accessToken, body: { size: 999 } });
  assert.deepEqual([confirmed.status, confirmed.body.size], [200, 4], confirmed.text);
  assert.ok([200, 204].includes(await send(strategy.fields, 'changed afterwards')));
  assert.equal(await (await files.download('mine.txt')).data.text(), 'mine', 'a form that is used again changes nothing');
});
