// The Node peer: fastify over better-sqlite3 (WAL, synchronous=FULL) or, with DATABASE_URL, over pg. It does what the benchmark asks and nothing else.
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';

const row = {
  type: 'object',
  properties: { id: { type: 'string' }, name: { type: 'string' }, value: { type: 'number' }, note: { type: 'string' } },
};

/** Read one and insert one, over the database that was configured. */
async function database() {
  if (process.env.DATABASE_URL) {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
    await pool.query('CREATE TABLE IF NOT EXISTS items (id uuid PRIMARY KEY, name text, value double precision, note text, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now())');
    return {
      read: async (id) => (await pool.query({ name: 'read', text: 'SELECT id, name, value, note FROM items WHERE id = $1', values: [id] })).rows,
      insert: (item) => pool.query({ name: 'insert', text: 'INSERT INTO items (id, name, value, note) VALUES ($1, $2, $3, $4)', values: [randomUUID(), item.name, item.value, item.note] }),
    };
  }
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(process.env.DATABASE_FILE);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec("CREATE TABLE IF NOT EXISTS items (id TEXT PRIMARY KEY, name TEXT, value REAL, note TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP, updated_at TEXT DEFAULT CURRENT_TIMESTAMP)");
  const read = db.prepare('SELECT id, name, value, note FROM items WHERE id = ?');
  const insert = db.prepare('INSERT INTO items (id, name, value, note) VALUES (?, ?, ?, ?)');
  return { read: (id) => read.all(id), page: pages(db), insert: (item) => insert.run(randomUUID(), item.name, item.value, item.note) };
}

/** One page of posts in three queries, prepared at the first request: the posts with their author, their comments, how many there are. */
function pages(db) {
  let prepared;
  const prepare = () => {
    const where = 'WHERE p.author_id = ? AND p.score >= ?';
    return {
      posts: db.prepare(`SELECT p.id, p.title, p.score, a.id AS author_id, a.name AS author_name FROM benchmark_posts p LEFT JOIN benchmark_authors a ON a.id = p.author_id ${where} ORDER BY p.score DESC, p.id LIMIT ?`),
      comments: db.prepare('SELECT id, post_id, text FROM benchmark_comments WHERE post_id IN (SELECT value FROM json_each(?))'),
      count: db.prepare(`SELECT count(*) FROM benchmark_posts p ${where}`).pluck(),
    };
  };
  return (author, least, limit) => {
    prepared ??= prepare();
    const posts = prepared.posts.all(author, least, limit).map((post) => (
      { id: post.id, title: post.title, score: post.score, author: { id: post.author_id, name: post.author_name }, comments: [] }));
    const byId = new Map(posts.map((post) => [post.id, post]));
    for (const { id, post_id, text } of prepared.comments.all(JSON.stringify([...byId.keys()]))) byId.get(post_id).comments.push({ id, text });
    return { posts, total: prepared.count.get(author, least) };
  };
}

const { read, insert, page } = await database();
const app = Fastify({ logger: false });
const authorization = `Bearer ${process.env.KEY}`;

app.addHook('onRequest', async (request, reply) => {
  if (request.headers.authorization !== authorization) reply.code(401).send({ error: 'AUTH_UNAUTHORIZED' });
});
app.get('/api/database/records/items', { schema: { response: { 200: { type: 'array', items: row } } } },
  async (request) => read(request.query.id.slice('eq.'.length)));
const post = {
  type: 'object',
  properties: {
    id: { type: 'string' }, title: { type: 'string' }, score: { type: 'integer' },
    author: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } },
    comments: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' }, text: { type: 'string' } } } },
  },
};
app.get('/api/database/records/benchmark_posts', { schema: { response: { 200: { type: 'array', items: post } } } }, async (request, reply) => {
  const { author_id: author, score, limit } = request.query;
  const { posts, total } = page(author.slice('eq.'.length), Number(score.slice('gte.'.length)), Number(limit));
  reply.header('content-range', `0-${posts.length - 1}/${total}`);
  return posts;
});
app.post('/api/database/records/items', { schema: { body: { ...row, required: ['name', 'value', 'note'] } } }, async (request, reply) => {
  await insert(request.body);
  reply.code(201);
  return [];
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
