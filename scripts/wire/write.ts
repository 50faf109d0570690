/** Writes the wire's documentation, JSON Schema and golden vectors: `node dist/scripts/wire/write.js`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wireJsonSchema, wireReadme, wireVectors } from '../../shared/wire/document.ts';

const folder = fileURLToPath(new URL('../../../shared/wire/', import.meta.url));
mkdirSync(join(folder, 'vectors'), { recursive: true });
writeFileSync(join(folder, 'README.md'), wireReadme());
writeFileSync(join(folder, 'schema.json'), `${JSON.stringify(wireJsonSchema(), undefined, 2)}\n`);
writeFileSync(join(folder, 'vectors', 'frames.json'), `${JSON.stringify(wireVectors(), undefined, 2)}\n`);
