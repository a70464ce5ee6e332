import type { Pool } from 'pg'

/** A line for each table: its name and a fingerprint of all its rows. */
export async function everything({ pool }: { pool: Pool }): Promise<string[]> {
  const tables = await pool.query(
    `select tablename from pg_tables where schemaname = 'public' order by tablename`,
  )
  const lines = []
  for (const { tablename } of tables.rows) {
    const { rows } = await pool.query(
      `select md5(coalesce(string_agg(t::text, '' order by t::text), '')) from ${tablename} t`,
    )
    lines.push(`${tablename} ${rows[0].md5}`)
  }
  return lines
}
