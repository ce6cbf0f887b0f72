// Bulk insert as a Node program does it: parse the file, one better-sqlite3 transaction, synced. Prints seconds for the whole and for the transaction alone.
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';

const [file, rows] = process.argv.slice(2);
const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('DROP TABLE IF EXISTS bulk; CREATE TABLE bulk (id TEXT PRIMARY KEY, name TEXT, value REAL, note TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP, updated_at TEXT DEFAULT CURRENT_TIMESTAMP)');
const insert = db.prepare('INSERT INTO bulk (id, name, value, note) VALUES (@id, @name, @value, @note)');
const text = readFileSync(rows, 'utf8');
const started = process.hrtime.bigint();
const items = JSON.parse(text);
const parsed = process.hrtime.bigint();
db.transaction(() => { for (const item of items) insert.run(item); })();
const ended = process.hrtime.bigint();
const { count } = db.prepare('SELECT count(*) AS count FROM bulk').get();
console.log(JSON.stringify({ count, whole: Number(ended - started) / 1e9, transaction: Number(ended - parsed) / 1e9 }));
