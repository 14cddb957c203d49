// Runs all server audits of graphql-http against the URL given, and prints
// those that are not ok and the number of all.
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.argv[2] });
const failed = results.filter((result) => result.status !== 'ok');
for (const { id, name, status, reason } of failed) console.log(status, id, name, reason);
console.log(`${results.length - failed.length} of ${results.length} ok`);
process.exit(failed.length > 0 ? 1 : 0);
