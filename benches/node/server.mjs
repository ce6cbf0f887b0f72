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
  return { read: (id) => read.all(id), insert: (item) => insert.run(randomUUID(), item.name, item.value, item.note) };
}

const { read, insert } = await database();
const app = Fastify({ logger: false });
const authorization = `Bearer ${process.env.KEY}`;

app.addHook('onRequest', async (request, reply) => {
  if (request.headers.authorization !== authorization) reply.code(401).send({ error: 'AUTH_UNAUTHORIZED' });
});
app.get('/api/database/records/items', { schema: { response: { 200: { type: 'array', items: row } } } },
  async (request) => read(request.query.id.slice('eq.'.length)));
app.post('/api/database/records/items', { schema: { body: { ...row, required: ['name', 'value', 'note'] } } }, async (request, reply) => {
  await insert(request.body);
  reply.code(201);
  return [];
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
